import { quickTiers, runTiers } from "./tiers/tiers.ts";

await runTiers([quickTiers]);
