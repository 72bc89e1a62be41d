import { App, DataResource, LocalBackend, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { release } from "./release.json";

class ShopStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    // By hand, the state is kept beside the code; Waymark puts the environment's own backend in its place.
    new LocalBackend(this, { path: `../../../terraform.${id}.tfstate` });
    // A new release replaces the resource.
    new DataResource(this, "release", { input: { release }, triggersReplace: { release } });
  }
}

const app = new App();
new ShopStack(app, "shop");
app.synth();
