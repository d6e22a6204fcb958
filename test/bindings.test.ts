import { describe, expect, test } from "vitest";
import { unstable_readConfig } from "wrangler";
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

test("the simulators run on the runtime that the product runs on", () => {
  const simulators = unstable_readConfig({ config: "workers/simulators/wrangler.toml" });

  expect(simulators.compatibility_date).toBe(config.compatibility_date);
  expect(simulators.compatibility_flags).toEqual(config.compatibility_flags);
});
