import { fail } from "./machine/platform.ts";
import { allTiers, runTiers } from "./tiers/tiers.ts";

// `npm test` runs all tiers, `npm test -- unit stories` only those.
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => allTiers.every((tier) => tier.name !== name));
if (unknown.length > 0) {
  const names = allTiers.map((tier) => `"${tier.name}"`).join(", ");
  fail(`No tier is called "${unknown.join('", "')}". There are: ${names}.`, 2);
}
await runTiers([allTiers.filter((tier) => wanted.length === 0 || wanted.includes(tier.name))]);
