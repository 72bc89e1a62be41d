import { loadCoreConfig } from "./targets/local/config.ts";
import { synthesize } from "./targets/local/synth.ts";

// The app that cdktf.json names: for who would rather use CDK's own command line than cli.ts.
const file = process.env.WAYMARK_CORE_CONFIG;
if (file === undefined) throw new Error("Set WAYMARK_CORE_CONFIG to the core configuration file.");
synthesize(await loadCoreConfig(file));
