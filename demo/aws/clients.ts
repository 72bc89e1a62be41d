import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import { motoRegion } from "./moto.ts";

/** What makes a program somebody on AWS: its environment. */
export type Identity = Readonly<Record<string, string>>;

/** The same for a client in this process, whose own environment may name another AWS: nothing of that is asked. */
export function clientsOf(identity: Identity) {
  const options = {
    endpoint: identity.AWS_ENDPOINT_URL ?? "",
    region: motoRegion,
    credentials: {
      accessKeyId: identity.AWS_ACCESS_KEY_ID ?? "",
      secretAccessKey: identity.AWS_SECRET_ACCESS_KEY ?? "",
      ...(identity.AWS_SESSION_TOKEN && { sessionToken: identity.AWS_SESSION_TOKEN }),
    },
  };
  return {
    iam: new IAMClient(options),
    kms: new KMSClient(options),
    s3: new S3Client(options),
    ssm: new SSMClient(options),
    sts: new STSClient(options),
  };
}

export type Clients = ReturnType<typeof clientsOf>;
