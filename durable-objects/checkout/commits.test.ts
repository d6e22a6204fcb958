import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { StripeProvider } from "../../payments/stripe/stripe.provider.ts";
import { eventually } from "../../test/eventually.ts";
import { consume } from "../../workers/consumers/consume.ts";
import { CheckoutObject, FeedObject } from "../../workers/index.ts";
import { InventoryObject } from "../inventory/inventory.object.ts";
import { batchOf, card, cart, newSale, stockUp, withoutQueues } from "./testing/sale.ts";

const SOON = { withinMs: 5_000, gapMs: 10 };
const SKUS = ["mug", "shirt"];
const TOTAL = { amountMinor: 1299 + 2499 + 490, currency: "EUR" };
const lines = SKUS.map((sku) => ({ sku, quantity: 1 }));

beforeAll(() => stockUp(...SKUS));
afterEach(() => vi.restoreAllMocks());

/** Notes each call of these methods in one log, as it leaves. */
function notes<T extends object>(
  log: string[],
  prototype: T,
  names: readonly (keyof T & string)[],
) {
  for (const name of names) {
    const real = prototype[name] as (...args: unknown[]) => unknown;
    vi.spyOn(prototype, name as never).mockImplementation(function (
      this: unknown,
      ...args: unknown[]
    ) {
      log.push(name);
      return real.apply(this, args);
    } as never);
  }
}

/** When the method's answer is on its way. */
function notesAnswer(log: string[], name: "create" | "pay") {
  const real = CheckoutObject.prototype[name] as (call: never) => Promise<unknown>;
  vi.spyOn(CheckoutObject.prototype, name).mockImplementation(async function (
    this: CheckoutObject,
    call: never,
  ) {
    const answer = await real.call(this, call);
    log.push(`${name} is answered`);
    return answer;
  } as never);
}

/** A sale of its own, and everything that happens to it in its order: calls, commits, sends, reads. */
async function watched() {
  const sent = withoutQueues();
  vi.spyOn(FeedObject.prototype, "wake").mockImplementation(() => undefined);
  const log: string[] = [];
  const sale = newSale();
  await runInDurableObject(sale.stub, (_object, { storage }) => {
    const prototype = Object.getPrototypeOf(storage) as DurableObjectStorage;
    const { transactionSync } = prototype;
    vi.spyOn(prototype, "transactionSync").mockImplementation(function (
      this: DurableObjectStorage,
      work: () => unknown,
    ) {
      if (this === storage) log.push("COMMIT");
      return transactionSync.call(this, work);
    } as never);
    const statements = Object.getPrototypeOf(storage.sql) as SqlStorage;
    const { exec } = statements;
    vi.spyOn(statements, "exec").mockImplementation(function (
      this: SqlStorage,
      ...args: Parameters<SqlStorage["exec"]>
    ) {
      if (this === storage.sql && /^\s*SELECT/.test(args[0])) log.push("read");
      return exec.apply(this, args);
    } as never);
  });
  notes(log, InventoryObject.prototype, ["hold", "extend", "allocate", "release", "look", "terms"]);
  notes(log, StripeProvider.prototype, ["authorize", "capture"]);
  notesAnswer(log, "create");
  notesAnswer(log, "pay");
  const { sendBatch } = Object.getPrototypeOf(env.EVENTS_EU) as Queue;
  const kept = vi.mocked(sendBatch).getMockImplementation();
  vi.mocked(sendBatch).mockImplementation((messages) => {
    log.push("sendBatch");
    return kept?.(messages) as ReturnType<Queue["sendBatch"]>;
  });
  /** Its events are stored, and it has heard so. */
  const stored = async () => {
    await eventually(
      async () => sent.of(sale),
      ({ length }) => length === 3,
      SOON,
    );
    await consume(batchOf(sent.of(sale)), env);
  };
  const seen = () => log.filter((entry) => entry !== "read");
  const reads = () => log.filter((entry) => entry === "read").length;
  return { sale, stored, seen, reads };
}

test("a card sale of two SKUs in one call is two commits and three calls in a row before its answer, and four in all", async () => {
  const { sale, stored, seen, reads } = await watched();

  const body = cart({ lines, payment: card("pm_visa"), expectedTotal: TOTAL });
  expect(await sale.create(body)).toMatchObject({ http: 201, status: "placed" });
  await stored();

  expect(seen()).toEqual([
    ...["hold", "hold", "COMMIT", "authorize", "allocate", "allocate", "COMMIT"],
    ...["capture", "create is answered", "COMMIT", "sendBatch", "COMMIT"],
  ]);
  // Whether there are tables, and none of what it wrote itself.
  expect(reads()).toBe(1);
});

test("in two calls it is one commit before the create's answer and two before the pay's, and five in all", async () => {
  const { sale, stored, seen, reads } = await watched();

  expect(await sale.create(cart({ lines }))).toMatchObject({ http: 201, status: "open" });
  expect(await sale.pay("pm_visa", "pay", TOTAL)).toMatchObject({ http: 200, status: "placed" });
  await stored();

  expect(seen()).toEqual([
    ...["hold", "hold", "COMMIT", "create is answered"],
    ...["COMMIT", "authorize", "allocate", "allocate", "COMMIT"],
    ...["capture", "pay is answered", "COMMIT", "sendBatch", "COMMIT"],
  ]);
  expect(reads()).toBe(1);
});

test("a declined sale asks its stock for nothing but the hold, and what is stored already is no commit more", async () => {
  const { sale, seen } = await watched();

  const body = cart({ lines, payment: card("pm_declined"), expectedTotal: TOTAL });
  const declined = { status: "open", body: { payment: { status: "declined" } } };
  expect(await sale.create(body)).toMatchObject({ ...declined, replayed: false });
  expect(await sale.create(body)).toMatchObject({ ...declined, replayed: true });
  await sale.stub.applied([1, 2]);

  expect(seen()).toEqual([
    ...["hold", "hold", "COMMIT", "authorize", "COMMIT"],
    ...["create is answered", "create is answered"],
  ]);
});
