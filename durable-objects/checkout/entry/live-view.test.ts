import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { StripeProvider } from "../../../payments/stripe/stripe.provider.ts";
import type { CheckoutView } from "../../../schema/checkout.ts";
import { isRefusal } from "../../../schema/outcome.ts";
import { eventually } from "../../../test/eventually.ts";
import type { Caller } from "../sale/calls.ts";
import { merchant, newSale, saleAtTheBank, stockUp, withoutQueues } from "../testing/sale.ts";

const SOON = { withinMs: 5_000, gapMs: 10 };

beforeAll(() => stockUp("mug"));
beforeEach(() => void withoutQueues());
afterEach(() => vi.restoreAllMocks());

async function readBy(sale: ReturnType<typeof newSale>, caller: Caller): Promise<CheckoutView> {
  const view = await sale.stub.read(caller);
  if (isRefusal(view)) throw new Error(`Not readable: ${view.refused}`);
  return view;
}

test("a shopper reads that no answer came; what a provider or a library said is the merchant's", async () => {
  const sale = newSale();
  await sale.create();
  const authorize = vi.spyOn(StripeProvider.prototype, "authorize");
  authorize.mockRejectedValue(new TypeError("connect ECONNREFUSED 10.1.2.3:443"));
  const paid = sale.pay();
  const seen = await eventually(
    () => readBy(sale, sale.caller()),
    ({ timeline = [] }) => timeline.some(({ detail }) => detail?.reason !== undefined),
    SOON,
  );

  const authorizing = { step: "authorize", state: "started" };
  const reason = "outcome_unknown";
  expect(seen.timeline).toContainEqual(
    expect.objectContaining({ ...authorizing, detail: expect.objectContaining({ reason }) }),
  );
  expect(JSON.stringify(seen)).not.toContain("ECONNREFUSED");
  const fault = "TypeError: connect ECONNREFUSED 10.1.2.3:443";
  expect((await readBy(sale, merchant)).timeline).toContainEqual(
    expect.objectContaining({ ...authorizing, detail: expect.objectContaining({ reason, fault }) }),
  );
  const live = await sale.stub.changes(sale.caller());
  expect(JSON.stringify(live)).not.toContain("ECONNREFUSED");

  authorize.mockRestore();
  expect(await paid).toMatchObject({ status: "placed" });
  const after = (await readBy(sale, sale.caller())).timeline?.filter(
    ({ step }) => step === "authorize",
  );
  expect(after).toMatchObject([{ state: "done" }]);
  expect(after?.[0]?.detail).not.toHaveProperty("reason");
});

test("a merchant reads who was to be asked for each attempt, and why; a shopper does not", async () => {
  const sale = newSale();
  await sale.create();
  await sale.pay("pm_declined");
  await sale.pay("pm_visa");

  const why = ["rule default: stripe"];
  expect(await readBy(sale, merchant)).toMatchObject({
    routes: [
      { attempt: 1, providers: ["stripe"], why },
      { attempt: 2, providers: ["stripe"], why },
    ],
  });
  expect(await readBy(sale, sale.caller())).not.toHaveProperty("routes");
  const live = await sale.stub.changes(sale.caller());
  expect(live).not.toHaveProperty("view.routes");
});

test("a checkout that nobody has tried to pay has no routes", async () => {
  const sale = newSale();
  await sale.create();
  expect(await readBy(sale, merchant)).not.toHaveProperty("routes");
});

test("an attempt that goes back sends its shopper nowhere any more", async () => {
  const { sale, answer, canUndo } = await saleAtTheBank();
  expect(answer).toMatchObject({ status: "awaiting_shopper" });
  expect((await readBy(sale, sale.caller())).payment).toHaveProperty("nextAction");
  const next = sale.pay("pm_visa");
  const seen = await eventually(
    () => readBy(sale, sale.caller()),
    ({ timeline = [] }) => timeline.some(({ state }) => state === "undoing"),
    SOON,
  );
  expect(seen.payment).toMatchObject({ attempt: 1 });
  expect(seen.payment).not.toHaveProperty("nextAction");

  const heard = await next;
  expect(heard).toMatchObject({ http: 202 });
  expect(heard.body?.payment).not.toHaveProperty("nextAction");
  canUndo();
  await eventually(sale.status, (status) => status === "open", SOON);
});

test("a checkout that is called off sends its shopper nowhere any more", async () => {
  const { sale, canUndo } = await saleAtTheBank();
  const answer = await sale.cancel();
  expect(answer).toMatchObject({ http: 202, status: "cancelling" });
  expect(answer.body?.payment).not.toHaveProperty("nextAction");
  canUndo();
  await eventually(sale.status, (status) => status === "cancelled", SOON);
});
