import { App } from "cdktn";
import { readSettings } from "./settings.ts";
import { ApplicationStack } from "./stacks/application-stack.ts";
import { DatabaseStack } from "./stacks/database-stack.ts";
import { IdentityStack } from "./stacks/identity-stack.ts";
import { NetworkStack } from "./stacks/network-stack.ts";

const settings = readSettings();
const app = new App();
const network = new NetworkStack(app, settings);
const database = new DatabaseStack(app, { ...settings, network });
const identities = new IdentityStack(app, { ...settings, passwordArn: database.passwordArn });
new ApplicationStack(app, { ...settings, network, database, identities });
app.synth();
