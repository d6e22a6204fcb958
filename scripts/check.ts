import { quickTiers, runTiers } from "./tiers.ts";

await runTiers([quickTiers]);
