import { readdirSync } from "node:fs";
import type { Rule } from "./sources.ts";

const numbers = new Set(
  readdirSync("docs/decisions").map((name) => Number(/^\d{4}(?=-)/.exec(name)?.[0])),
);

/** Comments name the decision that they rest on, all in one form: `decision 6`. */
export const decisionsNamed: Rule = {
  name: "a decision that the code names is there, and is named like the others",
  check: (sources) =>
    sources
      .filter(({ path }) => !path.startsWith("test/architecture/"))
      .flatMap(({ path, text }) => [
        ...[...text.matchAll(/\bdecisions? (\d+)\b/gi)]
          .filter(([, number]) => !numbers.has(Number(number)))
          .map(([named]) => `${path} names ${named}, which is not there`),
        ...[...text.matchAll(/(?:\/\/|\*) .*(?:\bdecisions\/\d{4}|\bADR[- ]?\d+)/g)].map(
          ([named]) => `${path} says "${named}" where others say "decision N"`,
        ),
      ]),
  planted: [
    { path: "schema/cart.ts", text: "/** Only a pointer (decision 999). */" },
    { path: "schema/cart.ts", text: "// see docs/decisions/0007-a-claim-is-a-pointer.md" },
  ],
};
