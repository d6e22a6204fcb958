import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { unstable_readConfig } from "wrangler";
import { type Placement, regionCodes, regions } from "../schema/regions.ts";
import { bindingRules } from "./architecture/bindings.ts";

const config = unstable_readConfig({ config: "wrangler.toml" });

describe.each(bindingRules)("$name", (rule) => {
  test("holds", () => {
    expect(rule.check(config)).toEqual([]);
  });

  test("would be noticed", () => {
    const broken = structuredClone(config);
    rule.break(broken);

    expect(rule.check(broken)).not.toEqual([]);
  });
});

test("every cron runs jobs, and no job waits for a cron that there is not", () => {
  const source = readFileSync("workers/jobs/scheduled.ts", "utf8");
  const named = [...source.matchAll(/^ {2}"([^"]+)": \[/gm)].map(([, cron]) => cron);

  expect(named.toSorted()).toEqual((config.triggers.crons ?? []).toSorted());
});

test("the simulators run on the runtime that the product runs on", () => {
  const simulators = unstable_readConfig({ config: "workers/simulators/wrangler.toml" });

  expect(simulators.compatibility_date).toBe(config.compatibility_date);
  expect(simulators.compatibility_flags).toEqual(config.compatibility_flags);
});

test("the page on deploying creates each region's store where the table of regions puts it", () => {
  const page = readFileSync("docs/deploying.md", "utf8");

  for (const code of regionCodes) {
    expect(page).toContain(`d1 create tender-orders-${code} ${flagOf(regions[code].d1)}\n`);
    expect(page).toContain(`d1 migrations apply ${regions[code].bindings.orders} --remote\n`);
  }
});

function flagOf(placement: Placement): string {
  return "hint" in placement
    ? `--location ${placement.hint}`
    : `--jurisdiction ${placement.jurisdiction}`;
}
