import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { calls as adyenCalls } from "../workers/simulators/adyen/api/adyen-api-routes.ts";
import { cards, quirks, refusals } from "../workers/simulators/adyen/payments/test-cards.ts";
import { calmAdyen } from "../workers/simulators/adyen/storage/adyen-control.ts";
import { eventCodes } from "../workers/simulators/adyen/webhooks/unasked-events.ts";
import { effectByKind, operations, webhookModes } from "../workers/simulators/control/faults.ts";
import { plans, refundPlans } from "../workers/simulators/stripe/api/local-params.ts";
import { calls as stripeCalls } from "../workers/simulators/stripe/api/stripe-api-routes.ts";
import { testCards } from "../workers/simulators/stripe/intents/test-tokens.ts";

const page = readFileSync("workers/simulators/README.md", "utf8");

const ticked = (text: string): string[] =>
  [...text.matchAll(/`([^`]+)`/g)].map(([, it = ""]) => it);

/** The rows of the table under a heading, cell by cell, without its head. */
function tableUnder(heading: string): string[][] {
  const section = page.split(/^#+ /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) => row.split("|").slice(1, -1));
}

const namesUnder = (heading: string): string[] =>
  tableUnder(heading).flatMap(([first = ""]) => ticked(first));

test.each([
  ["Stripe: card tokens", Object.keys(testCards)],
  [
    "Stripe: shopper's name of iDEAL, Wero, Pix and UPI",
    [...plans, ...refundPlans].map(([words]) => words),
  ],
  ["Adyen: card numbers", Object.keys(cards)],
  ["Adyen: cardholder's name", [...Object.keys(refusals), ...Object.keys(quirks)]],
  ["Operations", [...operations]],
  ["Faults", Object.keys(effectByKind)],
  ["Webhook modes", [...webhookModes]],
  [
    "Other settings",
    Object.keys(calmAdyen).filter((name) => name !== "faults" && name !== "webhooks"),
  ],
  ["Events that nobody asked for", eventCodes],
])('the simulators\' page lists under "%s" what there is, and nothing else', (heading, known) => {
  expect(namesUnder(heading).toSorted()).toEqual(known.toSorted());
});

test("the simulators' page says of each fault whether the call takes effect", () => {
  const said = tableUnder("Faults").map(([kind = "", , effect = ""]) => [
    ticked(kind)[0],
    effect.trim() === "yes",
  ]);
  expect(Object.fromEntries(said)).toEqual(effectByKind);
});

test("the simulators' page puts each call under its operation", () => {
  const said = tableUnder("Operations").flatMap(([operation = "", stripe = "", adyen = ""]) =>
    [...ticked(stripe), ...ticked(adyen)].map((call) => [call, ticked(operation)[0]]),
  );
  const known = Object.entries({ ...stripeCalls, ...adyenCalls });
  expect(Object.fromEntries(said)).toEqual(
    Object.fromEntries(known.map(([call, { operation }]) => [call, operation])),
  );
});
