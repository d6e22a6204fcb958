import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { orderStoreOf } from "../../../orders/region-order-store.ts";
import { paymentReference } from "../../../payments/payment-reference.ts";
import { StripeProvider } from "../../../payments/stripe/stripe.provider.ts";
import type { Notice } from "../../../payments/webhook-notice.ts";
import type { OrderEvent } from "../../../schema/events.ts";
import { eventually } from "../../../test/eventually.ts";
import { consume } from "../../../workers/consumers/consume.ts";
import { redrive } from "../../../workers/edge/asking/letter-desk.ts";
import {
  batchOf,
  card,
  cart,
  demo,
  MUG,
  newSale,
  stockUp,
  withoutQueues,
} from "../testing/sale.ts";

const SOON = { withinMs: 5_000, gapMs: 10 };
const GAP_MAX_MS = 6 * 3_600_000;
const TRIES_ENOUGH = 40;

beforeAll(() => stockUp("mug"));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const isGivenUp = ({ type }: { type: string }) => type === "tender.checkout.webhook_given_up.v1";

test("a webhook that its sale cannot look into becomes a letter, and works once it is redriven", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const sent = withoutQueues();
  const disputes = vi.spyOn(StripeProvider.prototype, "disputes");
  disputes.mockRejectedValue(new Error("poison"));
  const sale = newSale();
  await sale.create(cart({ payment: card("pm_visa"), expectedTotal: MUG }));
  const reference = (await sale.stub.snapshot())?.order.providerReference ?? "";
  const notice: Notice = {
    ...{ provider: "stripe", noticeId: "evt_poison", type: "charge.dispute.created" },
    ...{ kind: "dispute", success: true, reference, about: "dp_1", createdAtMs: 1 },
    ourReference: paymentReference({ shopId: demo, checkoutId: sale.checkoutId, attempt: 1 }),
  };
  const startMs = Date.now();
  expect(await sale.stub.receive(notice)).toBe(true);

  const givenUp = () => (sent.of(sale) as readonly { type: string }[]).filter(isGivenUp);
  for (let tries = 0; tries < TRIES_ENOUGH && givenUp().length === 0; tries += 1) {
    vi.setSystemTime(Date.now() + GAP_MAX_MS);
    await runDurableObjectAlarm(sale.stub);
  }
  const batch = batchOf(givenUp() as readonly object[] as readonly OrderEvent[]);
  await consume(batch, env);

  const page = { queue: "sale-webhooks", limit: 100 };
  const letters = await orderStoreOf(env, "eu").deadLetters(demo, page);
  const letter = letters.find((each) => each.reference === sale.checkoutId);
  expect(letter).toMatchObject({ state: "open", attempts: 24 });
  expect(letter?.cause).toContain("poison");
  expect(letter?.firstAtMs).toBeLessThan(startMs + GAP_MAX_MS);
  expect(letter?.lastAtMs).toBeGreaterThan(startMs + GAP_MAX_MS);
  const asked = disputes.mock.calls.length;
  vi.setSystemTime(Date.now() + GAP_MAX_MS);
  await runDurableObjectAlarm(sale.stub);
  expect(disputes).toHaveBeenCalledTimes(asked); // nobody asks any more

  const amount = { amountMinor: 1789, currency: "EUR" };
  disputes.mockResolvedValue([{ reference: "dp_1", dispute: "open", amount, reason: "fraud" }]);
  const redriven = await redrive({ env, shopId: demo }, letter?.letterId ?? "");
  expect(redriven).toMatchObject({ letter: { state: "redriven" } });
  await eventually(
    async () => (await sale.stub.snapshot())?.order.dispute,
    (dispute) => dispute === "open",
    SOON,
  );
});
