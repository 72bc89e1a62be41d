import { Fn } from "cdktn";
import { databasePort, servicePort } from "../network/firewall.ts";
import { databaseName } from "../stacks/database-stack.ts";

export const containerName = "shop";

export interface ContainerOptions {
  readonly environment: string;
  readonly region: string;
  /** Address and digest. */
  readonly image: string;
  readonly logGroup: string;
  readonly databaseAddress: string;
  /** ARN of the database's secret: the service asks for its value, which is in no state and no definition. */
  readonly passwordArn: string;
}

/** The task's only container, as ECS wants it: JSON. It runs as nobody and can't write to its own files. */
export const containerDefinition = (options: ContainerOptions): string =>
  Fn.jsonencode([
    {
      name: containerName,
      image: options.image,
      essential: true,
      user: "65534",
      readonlyRootFilesystem: true,
      linuxParameters: { initProcessEnabled: true, capabilities: { drop: ["ALL"] } },
      portMappings: [{ containerPort: servicePort, protocol: "tcp" }],
      environment: [
        { name: "SERVICE_ENVIRONMENT", value: options.environment },
        { name: "SERVICE_IMAGE", value: options.image },
        { name: "SERVICE_PORT", value: String(servicePort) },
        { name: "DATABASE_HOST", value: options.databaseAddress },
        { name: "DATABASE_PORT", value: String(databasePort) },
        { name: "DATABASE_NAME", value: databaseName },
        { name: "DATABASE_SECRET", value: options.passwordArn },
      ],
      logConfiguration: {
        logDriver: "awslogs",
        options: {
          "awslogs-group": options.logGroup,
          "awslogs-region": options.region,
          "awslogs-stream-prefix": containerName,
        },
      },
    },
  ]);
