import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { clientsOf } from "../../aws/clients.ts";
import { bindingOf, takeRole } from "../../aws/session.ts";
import { awsOf } from "../../aws/stage.ts";
import { expect, type Step } from "../step.ts";

export const foreignState: Step = {
  name: "dev's role is refused on prod's state",
  play: async (stage) => {
    const aws = awsOf(stage);
    const stateOf = async (environment: "dev" | "prod") => {
      const { bucket, prefix } = (await bindingOf(aws, environment)).backend;
      return { Bucket: bucket, Key: `${prefix}/network.tfstate` };
    };
    const [dev, prod] = [await stateOf("dev"), await stateOf("prod")];
    const { s3 } = clientsOf(await takeRole(aws, "dev", "apply"));
    const devsId = (await bindingOf(aws, "dev")).aws.externalId;
    return [
      await answer("reading dev's state in dev's apply role", s3.send(new GetObjectCommand(dev)), allowed),
      await answer("reading prod's in the same", s3.send(new GetObjectCommand(prod)), refused),
      await answer("writing it", s3.send(new PutObjectCommand({ ...prod, Body: "{}" })), refused),
      await answer("prod's role for dev's ExternalId", takeRole(aws, "prod", "apply", devsId), refused),
    ];
  },
};

const allowed = "allowed";
const refused = "refused, AccessDenied";

/** What AWS answers to a request must be as it is expected. */
async function answer(what: string, request: Promise<unknown>, expected: string): Promise<string> {
  const answered = await request.then(
    () => allowed,
    (error: unknown) => `refused, ${error instanceof Error ? error.name : error}`,
  );
  return expect(answered === expected, `${what}: ${expected}`);
}
