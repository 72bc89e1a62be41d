import { App } from "cdktn";
import { readSettings } from "./settings.ts";
import { NetworkStack } from "./targets/local/network-stack.ts";
import { ServiceStack } from "./targets/local/service-stack.ts";

const settings = readSettings();
const app = new App();
const network = new NetworkStack(app, settings.port);
new ServiceStack(app, { ...settings, endpoint: network.endpoint });
app.synth();
