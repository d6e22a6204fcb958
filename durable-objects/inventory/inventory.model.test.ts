import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { afterAll, expect, test, vi } from "vitest";
import { CheckoutId, ShopId, Sku } from "../../schema/ids.ts";
import { inventoryStub } from "../placement.ts";

const MINUTE_MS = 60_000;
const GRACE_MS = 5 * MINUTE_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;
const HOLD_MS = 10 * MINUTE_MS;
const START_MS = Date.parse("2027-01-01T00:00:00.000Z");
const checkoutId = CheckoutId.parse("chk_eu_0123456789abcdefghjkmnpqrs");
const demo = ShopId.parse("demo");

afterAll(() => vi.useRealTimers());

type Pieces = {
  state: "held" | "allocated" | "released" | "expired";
  quantity: number;
  expiresAtMs: number;
  dueAtMs: number;
  by: number;
  undone: number;
  generation: number;
};

/** The stock as a shopkeeper would keep it on paper: no counters, everything counted anew. */
class Paper {
  received = 0;
  readonly tokens = new Map<string, number>();
  readonly holds = new Map<string, Pieces>();

  count(state: Pieces["state"]): number {
    return [...this.holds.values()]
      .filter((hold) => hold.state === state)
      .reduce((total, { quantity }) => total + quantity, 0);
  }
  get available(): number {
    return this.received - this.count("held") - this.count("allocated");
  }
  expire(nowMs: number): void {
    for (const [key, hold] of [...this.holds]) {
      if (hold.state === "allocated" || hold.dueAtMs > nowMs) continue;
      if (hold.state === "held") Object.assign(hold, { state: "expired", dueAtMs: nowMs + DAY_MS });
      else this.holds.delete(key);
    }
  }
  fits(quantity: number, nowMs: number): boolean {
    if (this.available < quantity) this.expire(nowMs);
    return this.available >= quantity;
  }
  hold(key: string, quantity: number, nowMs: number): boolean {
    const known = this.holds.get(key);
    if (known) return this.holdAgain(key, quantity, nowMs);
    if (!this.fits(quantity, nowMs)) return false;
    const expiresAtMs = nowMs + HOLD_MS;
    const dueAtMs = expiresAtMs + GRACE_MS;
    this.holds.set(key, {
      state: "held",
      quantity,
      expiresAtMs,
      dueAtMs,
      by: 0,
      undone: 0,
      generation: 1,
    });
    return true;
  }
  holdAgain(key: string, quantity: number, nowMs: number): boolean {
    const known = this.holds.get(key);
    if (!known || known.state === "released") return false;
    const isSame = known.quantity === quantity;
    if (known.state === "allocated") return isSame;
    if (nowMs + HOLD_MS <= known.expiresAtMs) return isSame && known.state === "held";
    this.fits(quantity, nowMs); // where pieces are scarce, overdue holds give way; this one may be among them
    const hold = this.holds.get(key);
    if (!hold || (hold.generation > 1 && hold.quantity !== quantity)) return false;
    const has = hold.state === "held" ? hold.quantity : 0;
    if (this.available < quantity - has) return false;
    hold.state = "held";
    hold.quantity = quantity;
    hold.expiresAtMs = nowMs + HOLD_MS;
    hold.dueAtMs = hold.expiresAtMs + GRACE_MS;
    return true;
  }
  extend(key: string, nowMs: number): boolean {
    const hold = this.holds.get(key);
    if (hold?.state === "allocated") return true;
    if (!hold || hold.state === "released") return false;
    if (hold.state === "expired" && !this.fits(hold.quantity, nowMs)) return false;
    hold.state = "held";
    hold.expiresAtMs = Math.max(hold.expiresAtMs, nowMs + HOLD_MS);
    hold.dueAtMs = hold.expiresAtMs + GRACE_MS;
    return true;
  }
  resize(key: string, quantity: number, generation: number, nowMs: number): boolean {
    const hold = this.holds.get(key);
    if (hold?.generation === generation) return true;
    if (hold && (hold.generation > generation || hold.state === "allocated")) return false;
    const has = hold?.state === "held" ? hold.quantity : 0;
    if (quantity > has && !this.fits(quantity - has, nowMs)) return false;
    const state = quantity > 0 ? "held" : "released";
    const expiresAtMs = nowMs + HOLD_MS;
    const dueAtMs = quantity > 0 ? expiresAtMs + GRACE_MS : nowMs + DAY_MS;
    const changed = { state, quantity, expiresAtMs, dueAtMs, generation } as const;
    this.holds.set(key, { by: 0, undone: 0, ...hold, ...changed });
    return true;
  }
  release(key: string, nowMs: number): boolean {
    const dueAtMs = nowMs + DAY_MS;
    const hold = this.holds.get(key);
    const tombstone = { state: "released", quantity: 0, by: 0, undone: 0, generation: 1 } as const;
    if (!hold) this.holds.set(key, { ...tombstone, expiresAtMs: nowMs, dueAtMs });
    else if (hold.state !== "released") Object.assign(hold, { state: "released", dueAtMs });
    return true;
  }
  allocate(key: string, payment: number, nowMs: number): boolean {
    const hold = this.holds.get(key);
    if (hold?.state === "allocated") return true;
    if (!hold || hold.state === "released" || payment <= hold.undone) return false;
    if (hold.state === "expired" && !this.fits(hold.quantity, nowMs)) return false;
    Object.assign(hold, { state: "allocated", by: payment });
    return true;
  }
  unallocate(key: string, payment: number): boolean {
    const hold = this.holds.get(key);
    if (!hold) return true;
    hold.undone = Math.max(hold.undone, payment);
    if (hold.state === "allocated" && hold.by <= payment) hold.state = "held";
    return true;
  }
  restock(token: string, key: string, nowMs: number): boolean {
    const hold = this.holds.get(key);
    if (this.tokens.has(token) || hold?.state !== "allocated") return true;
    this.tokens.set(token, 0);
    Object.assign(hold, { state: "released", dueAtMs: nowMs + DAY_MS });
    return true;
  }
  receive(token: string, quantity: number): boolean {
    const known = this.tokens.get(token);
    if (known !== undefined) return known === quantity;
    this.tokens.set(token, quantity);
    this.received += quantity;
    return true;
  }
}

const key = fc.constantFrom("a", "b", "c", "d");
const quantity = fc.integer({ min: 1, max: 4 });
const payment = fc.integer({ min: 1, max: 3 });
const token = fc.constantFrom("t1", "t2", "t3");
const generation = fc.integer({ min: 1, max: 6 });
const resize = { act: fc.constant("resize" as const), key, quantity: fc.nat(4), generation };
const act = fc.oneof(
  { weight: 3, arbitrary: fc.record(resize) },
  { weight: 4, arbitrary: fc.record({ act: fc.constant("hold" as const), key, quantity }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant("allocate" as const), key, payment }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant("unallocate" as const), key, payment }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant("release" as const), key }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant("extend" as const), key }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("restock" as const), key, token }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant("receive" as const), token, quantity }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("restart" as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant("later" as const),
      minutes: fc.constantFrom(4, 16, 1500),
    }),
  },
);

let shelves = 0;

async function stored(stock: ReturnType<typeof inventoryStub>) {
  const query = "SELECT received, held, allocated, gone FROM stock";
  const nothing = { received: 0, held: 0, allocated: 0, gone: 0 };
  return runInDurableObject(stock, (_object, { storage }) => {
    const tables = storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'stock'").toArray();
    return tables.length > 0 ? (storage.sql.exec(query).toArray()[0] ?? nothing) : nothing;
  });
}

test("whatever happens, stock answers like the paper book and its counters add up", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 10, maxLength: 40 }), async (acts) => {
      let now = START_MS;
      vi.setSystemTime(now);
      const sku = Sku.parse(`model-${++shelves}`);
      const stock = inventoryStub(env, demo, "eu", sku);
      const paper = new Paper();
      for (const each of acts) {
        const expected = await onPaper(each);
        const answer = await inStock(each);
        expect(answer, JSON.stringify(each)).toBe(expected);
        const { received, available, held, allocated, gone } = await stock.levels();
        expect(received).toBe(available + held + allocated + gone);
        // What it knows without reading is what its table says.
        expect({ received, held, allocated, gone }).toEqual(await stored(stock));
        expect({ received, available, held, allocated }, JSON.stringify(each)).toEqual({
          received: paper.received,
          available: paper.available,
          held: paper.count("held"),
          allocated: paper.count("allocated"),
        });
      }

      async function onPaper(each: (typeof acts)[number]): Promise<boolean> {
        if (each.act === "hold") return paper.hold(each.key, each.quantity, now);
        if (each.act === "resize") {
          return paper.resize(each.key, each.quantity, each.generation, now);
        }
        if (each.act === "extend") return paper.extend(each.key, now);
        if (each.act === "release") return paper.release(each.key, now);
        if (each.act === "allocate") return paper.allocate(each.key, each.payment, now);
        if (each.act === "unallocate") return paper.unallocate(each.key, each.payment);
        if (each.act === "restock") return paper.restock(each.token, each.key, now);
        if (each.act === "receive") return paper.receive(each.token, each.quantity);
        if (each.act === "restart") return true;
        now += each.minutes * MINUTE_MS;
        paper.expire(now);
        return true;
      }

      async function inStock(each: (typeof acts)[number]): Promise<boolean> {
        if (each.act === "later") {
          vi.setSystemTime(now);
          await runDurableObjectAlarm(stock);
          return true;
        }
        if (each.act === "restart") {
          await stock.levels(); // one that never ran cannot be put to sleep
          await evictDurableObject(stock);
          return true;
        }
        const { act, ...named } = each;
        const request = { checkoutId, sku, expiresAtMs: now + HOLD_MS, quantity: 1, ...named };
        const answer = await runInDurableObject(stock, (object) =>
          (object[act] as (request: object) => object)({ payment: 0, token: "", ...request }),
        );
        return !("refused" in answer);
      }
    }),
    { numRuns: 25 },
  );
}, 30_000);
