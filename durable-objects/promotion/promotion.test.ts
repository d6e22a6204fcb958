import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { checkoutIdFrom } from "../../schema/ids.ts";
import { PromotionId } from "../../schema/promotion.ts";
import { costOf } from "../../test/statement-count.ts";
import { CheckoutObject } from "../checkout/checkout.object.ts";
import { cart, demo, newSale, stockUp, withoutQueues } from "../checkout/testing/sale.ts";
import { promotionStub } from "../placement.ts";

const HOUR_MS = 3_600_000;
const START_MS = Date.parse("2027-01-01T00:00:00.000Z"); // later than any real alarm could ring
const ACCEPTED = { ok: true };
const EXHAUSTED = { refused: "promotion_exhausted" };

let counters = 0;

beforeAll(() => stockUp("mug", "lamp"));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** One promotion's own object. */
function counter(limits: { usesMax?: number; usesPerCustomerMax?: number }) {
  const promotion = promotionStub(env, demo, PromotionId.parse(`promotion-${++counters}`));
  const use = (checkoutId = newId(), customer = "somebody", generation = 1) => {
    return { shopId: demo, checkoutId, customer, generation, ...limits };
  };
  return { promotion, use };
}

function newId() {
  return checkoutIdFrom("eu", crypto.getRandomValues(new Uint8Array(17)));
}

/** The same object, for a caller of its own. */
function namesake({ name = "" }: { readonly name?: string | undefined }) {
  return env.PROMOTION.getByName(name);
}

test("a checkout has one use, however often it asks", async () => {
  const { promotion, use } = counter({ usesMax: 1 });
  const request = use();
  expect(await promotion.take(request)).toEqual(ACCEPTED);
  expect(await promotion.take(request)).toEqual(ACCEPTED);
  expect(await promotion.take(use())).toEqual(EXHAUSTED);
  expect(await promotion.isUsedUp(request)).toBe(false);
  expect(await promotion.isUsedUp(use())).toBe(true);
  expect(await promotion.taken()).toBe(1);
});

test("a use that is given back is somebody else's, and can be given back twice", async () => {
  const { promotion, use } = counter({ usesMax: 1 });
  const first = use();
  await promotion.take(first);
  await promotion.returnUse(first);
  await promotion.returnUse(first);
  expect(await promotion.take(use())).toEqual(ACCEPTED);
  expect(await promotion.taken()).toBe(1);
});

test("a use that is taken anew while its checkout is asked is not given back by the old answer", async () => {
  vi.setSystemTime(START_MS);
  const { promotion, use } = counter({ usesMax: 1 });
  const sale = use();
  await promotion.take(sale);
  let asked = 0;
  const claimant = vi.spyOn(CheckoutObject.prototype, "claimant");
  claimant.mockImplementation(async () => {
    asked += 1;
    // It had expired, and is opened again while the answer is under way.
    if (asked === 1) await namesake(promotion).take({ ...sale, generation: 3 });
    return { is: asked === 1 ? "ended" : "placed" };
  });
  vi.setSystemTime(START_MS + HOUR_MS);
  await runDurableObjectAlarm(promotion);
  expect(await promotion.taken()).toBe(1);
  expect(await promotion.take(use())).toEqual(EXHAUSTED);

  await runDurableObjectAlarm(promotion); // asks anew at once
  expect(await promotion.taken()).toBe(1);
  expect(asked).toBe(2);
});

test("what is given back before it arrives is refused when it comes late", async () => {
  const { promotion, use } = counter({ usesMax: 1 });
  const late = use();
  await promotion.returnUse(late);
  expect(await promotion.take(late)).toEqual(EXHAUSTED);
  expect(await promotion.take({ ...late, generation: 2 })).toEqual(ACCEPTED);
  await promotion.returnUse(late);
  expect(await promotion.taken()).toBe(1);
});

/** As if the counter had asked and the order was placed. */
const placedUse = async (promotion: ReturnType<typeof counter>["promotion"]) => {
  await runInDurableObject(promotion, (_object, { storage }) => {
    storage.sql.exec("UPDATE uses SET state = 'used', due_at_ms = NULL");
  });
  await evictDurableObject(promotion); // it knows nothing of what others write
};

test("the use of an order that is cancelled comes back, once, asked about before or not", async () => {
  const { promotion, use } = counter({ usesMax: 1, usesPerCustomerMax: 1 });
  for (const isAskedAbout of [false, true]) {
    const order = use();
    expect(await promotion.take(order)).toEqual(ACCEPTED);
    if (isAskedAbout) await placedUse(promotion);
    await promotion.returnOrderedUse(order);
    await promotion.returnOrderedUse(order);
    expect(await promotion.taken()).toBe(0);
    // A take that was still on its way when all was over.
    expect(await promotion.take(order)).toEqual(EXHAUSTED);
  }
  const next = use();
  expect(await promotion.take(next)).toEqual(ACCEPTED);
  await promotion.returnOrderedUse(use());
  await promotion.returnOrderedUse({ ...next, generation: 0 });
  expect(await promotion.taken()).toBe(1);
});

test("a use that comes back while its checkout is asked still refuses its late take", async () => {
  vi.setSystemTime(START_MS);
  const { promotion, use } = counter({ usesMax: 1 });
  const order = use();
  await promotion.take(order);
  const claimant = vi.spyOn(CheckoutObject.prototype, "claimant");
  claimant.mockImplementation(async () => {
    await namesake(promotion).returnOrderedUse(order);
    return { is: "placed" };
  });
  vi.setSystemTime(START_MS + HOUR_MS);
  await runDurableObjectAlarm(promotion);
  expect(await promotion.taken()).toBe(0);
  expect(await promotion.take(order)).toEqual(EXHAUSTED);
});

test("a customer has as many uses as each may have, and another one has their own", async () => {
  const { promotion, use } = counter({ usesPerCustomerMax: 2 });
  expect(await promotion.take(use(newId(), "ada"))).toEqual(ACCEPTED);
  expect(await promotion.take(use(newId(), "ada"))).toEqual(ACCEPTED);
  expect(await promotion.take(use(newId(), "ada"))).toEqual(EXHAUSTED);
  expect(await promotion.take(use(newId(), "ben"))).toEqual(ACCEPTED);
});

test("of 400 buyers at once 100 have it; what they abandon goes to the next, through aborts", async () => {
  const { promotion, use } = counter({ usesMax: 100 });
  const buyers = Array.from({ length: 400 }, () => use());

  const answers = await Promise.all(buyers.map((buyer) => promotion.take(buyer)));
  const winners = buyers.filter((_buyer, at) => "ok" in (answers[at] ?? {}));
  expect(winners).toHaveLength(100);

  await evictDurableObject(promotion);
  const again = await Promise.all(winners.map((buyer) => promotion.take(buyer)));
  expect(again).toEqual(winners.map(() => ACCEPTED));
  const abandoned = winners.slice(0, 30);
  await Promise.all(abandoned.map((buyer) => promotion.returnUse(buyer)));
  await evictDurableObject(promotion);
  await Promise.all(abandoned.map((buyer) => promotion.returnUse(buyer)));

  const others = await Promise.all(
    Array.from({ length: 60 }, () => use()).map((buyer) => promotion.take(buyer)),
  );
  expect(others.filter((answer) => "ok" in answer)).toHaveLength(30);
  expect(await promotion.taken()).toBe(100);
});

test("an object that breaks in the middle of a take has taken one use or none", async () => {
  const { promotion, use } = counter({ usesMax: 3 });
  const request = use();
  const killed = runInDurableObject(promotion, async (object, state) => {
    object.take(request);
    state.abort("killed");
  });
  await expect(killed).rejects.toThrow();

  const back = promotionStub(env, demo, PromotionId.parse(`promotion-${counters}`));
  expect(await back.take(request)).toEqual(ACCEPTED);
  expect(await back.taken()).toBe(1);
});

test("who was quoted a limited promotion takes it without a read, however many were taken before", async () => {
  const costs = await Promise.all(
    [10, 10_000].map(async (before) => {
      const { promotion, use } = counter({ usesMax: 20_000 });
      await promotion.take(use());
      await runInDurableObject(promotion, (_object, { storage }) => {
        const numbers =
          "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)";
        const insert = `${numbers} INSERT INTO uses (checkout_id, shop_id, state, generation, due_at_ms)
          SELECT 'chk_' || i, 'demo', 'taken', 1, ? FROM n`;
        storage.sql.exec(insert, before, Date.now() + HOUR_MS);
        storage.sql.exec("UPDATE counts SET taken = taken + ?", before);
      });
      await evictDurableObject(promotion);
      await promotion.take(use());
      const mine = use();
      const quoted = await costOf(promotion, (object) => object.isUsedUp(mine));
      return { quoted, taken: await costOf(promotion, (object) => object.take(mine)) };
    }),
  );
  const cost = {
    quoted: { answer: false, statements: 1, reads: 1, rowsRead: 0, rowsWritten: 0, alarms: 0 },
    taken: { answer: ACCEPTED, statements: 2, reads: 0, rowsRead: 2, rowsWritten: 3, alarms: 0 },
  };
  expect(costs).toEqual([cost, cost]);
});

test("of a take that was taken back nothing is in mind", async () => {
  const { promotion, use } = counter({ usesMax: 3 });
  await promotion.take(use());
  const order = use();
  await runInDurableObject(promotion, (_object, { storage }) => {
    storage.sql.exec("ALTER TABLE counts RENAME TO hidden");
  });
  await expect(runInDurableObject(promotion, (object) => object.take(order))).rejects.toThrow(
    /no such table/,
  );
  await runInDurableObject(promotion, (_object, { storage }) => {
    storage.sql.exec("DROP TABLE IF EXISTS counts; ALTER TABLE hidden RENAME TO counts");
  });
  expect(await promotion.taken()).toBe(1);
  await promotion.returnUse(order); // it has none
  expect(await promotion.taken()).toBe(1);
});

test("an object that was only asked has written nothing", async () => {
  const { promotion, use } = counter({ usesMax: 1 });
  expect(await promotion.isUsedUp(use())).toBe(false);
  const tables = await runInDurableObject(promotion, (_object, { storage }) =>
    storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'uses'").toArray(),
  );
  expect(tables).toEqual([]);
});

test("a checkout that vanished gives its use back by the counter's own alarm", async () => {
  vi.setSystemTime(START_MS);
  const { promotion, use } = counter({ usesMax: 1 });
  await promotion.take(use());
  vi.setSystemTime(START_MS + HOUR_MS);
  await runDurableObjectAlarm(promotion);
  expect(await promotion.taken()).toBe(0);
  expect(await promotion.take(use())).toEqual(ACCEPTED);
});

test("a use under a living checkout stays; an order keeps it for good", async () => {
  withoutQueues();
  const { promotion, use } = counter({ usesMax: 1 });
  const sale = newSale();
  await sale.create(cart());
  await promotion.take(use(sale.checkoutId));

  // As if its time had come; the checkout's has not.
  const ring = async () => {
    await runInDurableObject(promotion, (_object, { storage }) => {
      storage.sql.exec("UPDATE uses SET due_at_ms = 0");
    });
    await runDurableObjectAlarm(promotion);
  };
  await ring();
  expect(await promotion.taken()).toBe(1);
  await sale.pay();
  await ring();
  await promotion.returnUse(use(sale.checkoutId));
  expect(await promotion.taken()).toBe(1);
  expect(await promotion.take(use())).toEqual(EXHAUSTED);
});

test("uses of before there were accounts are counted for the account that they name", async () => {
  const { promotion, use } = counter({ usesPerCustomerMax: 1 });
  await runInDurableObject(promotion, (_object, { storage }) => {
    storage.sql.exec(`CREATE TABLE counts (one INTEGER PRIMARY KEY, taken INTEGER NOT NULL) STRICT;
      CREATE TABLE uses (checkout_id TEXT PRIMARY KEY, shop_id TEXT NOT NULL, customer TEXT,
        state TEXT NOT NULL, generation INTEGER NOT NULL, due_at_ms INTEGER) STRICT, WITHOUT ROWID;
      INSERT INTO counts VALUES (1, 1);
      INSERT INTO uses VALUES ('chk_earlier', 'demo', 'her account', 'used', 1, NULL)`);
  });
  const hers = { ...use(newId(), "her mailbox"), account: "her account" };
  expect(await promotion.isUsedUp(hers)).toBe(true);
  expect(await promotion.take(hers)).toEqual(EXHAUSTED);
  expect(await promotion.take(use(newId(), "her mailbox"))).toEqual(ACCEPTED);
});

test("a use that is handed over is counted for who has it now, and a late word of it changes nothing", async () => {
  const { promotion, use } = counter({ usesPerCustomerMax: 1 });
  const sale = use(newId(), "a guest");
  await promotion.take(sale);
  await promotion.handOver({ ...sale, customer: "a member", account: "an account", generation: 3 });
  await promotion.handOver({ ...sale, customer: "a stranger", generation: 2 });
  expect(await promotion.take(use(newId(), "a member"))).toEqual(EXHAUSTED);
  expect(await promotion.take(use(newId(), "a stranger"))).toEqual(ACCEPTED);
  expect(await promotion.take(use(newId(), "a guest"))).toEqual(ACCEPTED);
  expect(await promotion.taken()).toBe(3);
});
