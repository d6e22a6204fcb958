import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { unstable_readConfig } from "wrangler";
import {
  HOLD_MS,
  KEEP_PAID_MS,
  RETRIES_MS,
  SHOPPER_GRACE_MS,
} from "../durable-objects/checkout/sale/durations.ts";
import { BACKSTOP_GRACE_MS } from "../durable-objects/inventory/inventory.ts";
import { ASK_AFTER_MS } from "../durable-objects/promotion/promotion.ts";
import { CALL_TIMEOUT_MS } from "../durable-objects/saga/planned-call.ts";
import { retry } from "../durable-objects/saga/retry.ts";
import { TIMEOUT_MS as ADYEN_TIMEOUT_MS } from "../payments/adyen/client.ts";
import { ON_ITS_WAY_MS } from "../payments/adyen/reversal.ts";
import { capabilityOf, keysLastMs } from "../payments/method-capabilities.ts";
import { TIMEOUT_MS as STRIPE_TIMEOUT_MS } from "../payments/stripe/client.ts";
import {
  CHECKOUT_OPEN_MS,
  LATE_CALLS_MS,
  MINUTE_MS,
  RESEND_AFTER_MS,
  SECOND_MS,
  SENT_AGAIN_FROM_MS,
  WATCH_QUIET_MS,
} from "../schema/durations.ts";
import { PaymentMethod, ProviderName } from "../schema/payment.ts";

const { vars, queues } = unstable_readConfig({ config: "wrangler.toml" });
const capabilities = ProviderName.options.flatMap((provider) =>
  PaymentMethod.options.flatMap((method) => capabilityOf(provider, method) ?? []),
);

test("a hold lasts for the longest attempt to pay that begins when the checkout is about to close", () => {
  expect(capabilities.length).toBeGreaterThan(0);
  for (const { shopperMs } of capabilities) {
    expect(HOLD_MS).toBeGreaterThanOrEqual(CHECKOUT_OPEN_MS + shopperMs + RETRIES_MS);
  }
});

test("a confirmation at the last moment arrives while its attempt still holds the stock", () => {
  expect(SHOPPER_GRACE_MS).toBeLessThan(RETRIES_MS - retry.patiently.budgetMs);
});

test("the shelf takes a hold back only after its checkout has tried again to let go of it", () => {
  expect(BACKSTOP_GRACE_MS).toBeGreaterThanOrEqual(retry.persistently.delayMaxMs);
});

test("a promotion's use is not asked about while its checkout is surely open", () => {
  expect(ASK_AFTER_MS).toBeGreaterThan(CHECKOUT_OPEN_MS);
});

test("the marks that refuse late calls outlast every call that is repeated", () => {
  expect(LATE_CALLS_MS).toBeGreaterThan(retry.persistently.budgetMs + CALL_TIMEOUT_MS);
});

test("no call is repeated for longer than its provider surely keeps the key", () => {
  expect(retry.persistently.budgetMs).toBeLessThanOrEqual(Math.min(...Object.values(keysLastMs)));
});

test("a provider's client gives up before the engine does, so that its own error is seen", () => {
  expect(ADYEN_TIMEOUT_MS).toBeLessThan(CALL_TIMEOUT_MS);
  expect(STRIPE_TIMEOUT_MS).toBeLessThan(CALL_TIMEOUT_MS);
});

test("what Adyen does not know counts only when no request of ours can be on its way any more", () => {
  expect(ON_ITS_WAY_MS).toBeGreaterThan(CALL_TIMEOUT_MS);
});

test("a sale is kept for longer than its money can be refunded", () => {
  for (const { refundMs } of capabilities) expect(KEEP_PAID_MS).toBeGreaterThan(refundMs);
});

test("money without a sale is given back only when no sale can be that slow", () => {
  expect(Number(vars.RECONCILIATION_GRACE_MS)).toBeGreaterThan(HOLD_MS + BACKSTOP_GRACE_MS);
});

test("a queue brings an event well before its outbox sends it again", () => {
  const waitsMs = (queues.consumers ?? [])
    .filter(({ queue }: { queue: string }) => /^events-[a-z]+$/.test(queue))
    .map(({ max_batch_timeout = 0 }) => max_batch_timeout * SECOND_MS);

  expect(waitsMs.length).toBeGreaterThan(0);
  for (const waitMs of waitsMs) expect(3 * waitMs).toBeLessThanOrEqual(RESEND_AFTER_MS);
});

test("an event's first copy and its second are told apart with room on both sides", () => {
  expect(SENT_AGAIN_FROM_MS).toBeGreaterThanOrEqual(RESEND_AFTER_MS / 2);
  expect(SENT_AGAIN_FROM_MS).toBeLessThanOrEqual(0.8 * RESEND_AFTER_MS);
});

const resend = RESEND_AFTER_MS / SECOND_MS;
test.each([
  ["docs/pricing.md", `${CHECKOUT_OPEN_MS / MINUTE_MS} minutes after it was made`],
  ["docs/pricing.md", `${ASK_AFTER_MS / MINUTE_MS} minutes later and again`],
  [
    "docs/decisions/0012-a-promotions-use-is-settled-by-asking.md",
    `${ASK_AFTER_MS / MINUTE_MS} minutes old`,
  ],
  ["docs/limits.md", `a first time after ${resend} seconds`],
  ["docs/bench.md", `(${resend} s later)`],
  ["docs/decisions/0006-applied-names-versions.md", `sent again after ${resend} seconds`],
  [
    "docs/decisions/0008-a-sale-is-watched-by-waiting-calls.md",
    `${CHECKOUT_OPEN_MS / MINUTE_MS} minutes`,
  ],
  ["docs/decisions/0008-a-sale-is-watched-by-waiting-calls.md", `${WATCH_QUIET_MS / SECOND_MS} s`],
])("%s says how long it really lasts: %s", (page, words) => {
  expect(readFileSync(page, "utf8").replaceAll("\n", " ")).toContain(words);
});
