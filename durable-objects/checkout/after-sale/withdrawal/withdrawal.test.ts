import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { isRefusal } from "../../../../schema/outcome.ts";
import type { ReturnOrder } from "../../../../schema/withdrawal.ts";
import { eventually } from "../../../../test/eventually.ts";
import type { Answer } from "../../sale/answers.ts";
import { demo, merchant, newSale, stockUp, withoutQueues } from "../../testing/sale.ts";
import type { WithdrawalCall } from "./withdrawal-calls.ts";

const DAY_MS = 86_400_000;
const SOON = { withinMs: 10_000, gapMs: 10 };

beforeAll(() => stockUp("mug"));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A mug that was paid and, unless said otherwise, sent. */
async function soldSale({ isSent = true } = {}) {
  const sent = withoutQueues();
  const sale = newSale();
  await sale.create();
  await sale.pay();
  const order = async () => {
    const found = await sale.stub.order(merchant);
    return isRefusal(found) ? undefined : found;
  };
  await eventually(order, (found) => found?.fulfilment === "requested", SOON);
  if (isSent) {
    await sale.stub.fulfil({ caller: merchant, key: "parcel", fingerprint: "parcel", body: {} });
  }
  const told = async (call: Promise<Answer>) => {
    const { reply, replayed } = await call;
    if (isRefusal(reply)) return { refused: reply.refused, detail: reply.detail };
    return { ...reply.body.withdrawal, http: reply.status, replayed };
  };
  const asked = (more: object) => sale.stub.withdrawal(callOf(sale.caller(), more));
  return {
    ...{ sale, order },
    types: () => sent.of(sale).map(({ type }) => type.split(".")[2]),
    ask: (key = "ask", body: object = {}) => told(asked({ act: "ask", key, body })),
    confirm: (n: number, key = `confirm-${n}`) => told(asked({ act: "confirm", key, n })),
    guest: (email: string) =>
      told(
        sale.stub.withdrawal(
          callOf({ shopId: demo, isMerchant: false, email }, { act: "guest", body: {} }),
        ),
      ),
    told: (lines: ReturnOrder["lines"], key = "return") =>
      told(sale.stub.withdrawal(callOf(merchant, { act: "return", key, body: { lines } }))),
  };
}

function callOf(caller: object, more: object): WithdrawalCall {
  return { caller, key: "key", fingerprint: JSON.stringify(more), ...more } as WithdrawalCall;
}

const mug = (outcome: "received" | "refused" | "never_sent") =>
  ({ sku: "mug", quantity: 1, outcome }) as ReturnOrder["lines"][number];

test("a withdrawal is asked for, then confirmed, and acknowledged with date and time", async () => {
  vi.setSystemTime(new Date("2026-12-01T09:00:00Z"));
  const { ask, confirm, order, types } = await soldSale();

  const asked = await ask();
  expect(asked).toMatchObject({ http: 201, withdrawal: 1, status: "asked", lastDay: "2026-12-15" });
  expect((await order())?.withdrawals).toBeUndefined();
  const confirmed = await confirm(1);
  expect(confirmed).toMatchObject({ http: 200, status: "confirmed", replayed: false });
  expect(confirmed).toHaveProperty("acknowledgement", expect.stringContaining("2026-12-01 at "));

  expect(await confirm(1)).toEqual({ ...confirmed, replayed: true });
  expect(await confirm(1, "another")).toMatchObject({ status: "confirmed", replayed: false });
  await eventually(
    async () => types(),
    (all) => all.includes("withdrawn"),
    SOON,
  );
  expect(types().filter((type) => type === "withdrawn")).toHaveLength(1);
  expect((await order())?.lines).toMatchObject([{ sent: 1, withdrawn: 1, awaited: 1 }]);
});

test("what was asked for before and not confirmed is forgotten, and no piece goes twice", async () => {
  const { ask, confirm } = await soldSale();
  await ask("first");
  await ask("second");

  expect(await confirm(1)).toMatchObject({ refused: "withdrawal_not_open" });
  const tooMany = { lines: [{ sku: "mug", quantity: 2 }] };
  expect(await ask("third", tooMany)).toMatchObject({
    refused: "lines_not_left",
    detail: { left: { mug: { quantity: 1 } } },
  });
  expect(await confirm(2)).toMatchObject({ status: "confirmed" });
  expect(await ask("fourth")).toMatchObject({ refused: "withdrawal_not_open" });
});

test("after the period's last day nothing is withdrawn from any more", async () => {
  vi.setSystemTime(new Date("2026-12-01T09:00:00Z"));
  const { ask, confirm } = await soldSale();
  await ask();
  vi.setSystemTime(Date.parse("2026-12-01T09:00:00Z") + 15 * DAY_MS);

  const over = { refused: "withdrawal_period_over", detail: { lastDay: "2026-12-15" } };
  expect(await confirm(1)).toMatchObject(over);
  expect(await ask("again")).toMatchObject(over);
});

test("what was not sent is cancelled at once, and its money goes back", async () => {
  const { ask, confirm, order, sale } = await soldSale({ isSent: false });
  expect(await ask()).not.toHaveProperty("lastDay");
  await confirm(1);

  const ended = await eventually(order, (found) => found?.status === "cancelled", SOON);
  expect(ended).toMatchObject({ refunded: ended?.total, lines: [{ withdrawn: 1, cancelled: 1 }] });
  expect(await sale.status()).toBe("cancelled");
});

test("what is received is refunded with its delivery, what is not taken back is not", async () => {
  const { ask, confirm, order, told } = await soldSale();
  expect(await told([mug("received")], "early")).toMatchObject({ refused: "lines_not_left" });
  await ask();
  await confirm(1);
  await told([{ ...mug("received"), then: "restock" }]);
  const refunded = await eventually(order, (found) => found?.payment === "refunded", SOON);
  expect(refunded).toMatchObject({ refunded: refunded?.total });
  expect(refunded?.lines).toMatchObject([{ withdrawn: 1, received: 1, returned: 1, restocked: 1 }]);
  expect(await told([mug("received")], "again")).toMatchObject({ refused: "lines_not_left" });

  const other = await soldSale();
  await other.ask();
  await other.confirm(1);
  await other.told([mug("refused")]);
  expect(await other.order()).toMatchObject({ payment: "captured", lines: [{ returnRefused: 1 }] });
});

test("a guest's e-mail opens the withdrawal alone, and another one writes nothing", async () => {
  const { guest, order, sale } = await soldSale();
  const before = await sale.rows("SELECT * FROM answers");
  expect(await guest("eve@example.com")).toMatchObject({ refused: "not_found" });
  expect(await sale.rows("SELECT * FROM answers")).toEqual(before);

  expect(await guest(" Ada@Example.com ")).toMatchObject({ status: "confirmed" });
  expect((await order())?.lines).toMatchObject([{ withdrawn: 1, awaited: 1 }]);
});
