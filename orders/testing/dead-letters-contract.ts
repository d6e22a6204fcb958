import { expect, test } from "vitest";
import { ShopId } from "../../schema/ids.ts";
import { type DeadLetter, letterIdOf } from "../dead-letter.ts";
import type { OrderStore } from "../order-store.ts";
import { orderOf, placed } from "./order-fixtures.ts";

let letters = 0;

export function letterOf(change: Partial<DeadLetter> = {}): DeadLetter {
  const queue = change.queue ?? "events-eu-dlq";
  return {
    letterId: letterIdOf(queue, `message-${++letters}`),
    queue,
    shopId: undefined,
    reference: undefined,
    cause: "Not an order event: invalid_type.",
    body: "{}",
    attempts: 5,
    atMs: 1,
    ...change,
  };
}

export function itKeepsDeadLetters(open: () => OrderStore): void {
  itKeepsThem(open);
  itTakesDecisions(open);
}

function itKeepsThem(open: () => OrderStore): void {
  test("a dead letter says what came, why, how often, and when first and last", async () => {
    const store = open();
    const shopId = ShopId.parse("letter-facts");
    const letter = letterOf({ shopId, reference: "ord_1", body: '{"a":1}' });
    await store.keepDeadLetters([]);
    await store.keepDeadLetters([letter]);
    await store.keepDeadLetters([{ ...letter, attempts: 1, atMs: 2, cause: "Another." }]);
    const { atMs: _, ...same } = letter;
    const kept = {
      ...same,
      ...{ cause: "Another.", attempts: 6, firstAtMs: 1, lastAtMs: 2, state: "open" },
      ...{ decidedAtMs: undefined, discardReason: undefined },
    };
    expect(await store.deadLetter(shopId, letter.letterId)).toEqual(kept);
    expect(await store.deadLetters(shopId, { queue: letter.queue, limit: 500 })).toContainEqual(
      kept,
    );
  });

  test("letters are listed by queue and state, newest first, page by page while new ones come", async () => {
    const store = open();
    const shopId = ShopId.parse("letter-list");
    const queue = "payment-capture-failed";
    const kept = [1, 2, 2, 3, 4].map((atMs) => letterOf({ shopId, queue, atMs }));
    await store.keepDeadLetters(kept);
    await store.keepDeadLetters([letterOf({ shopId, queue: "events-eu-dlq", atMs: 5 })]);
    const seen: string[] = [];
    let after: { firstAtMs: number; letterId: string } | undefined;
    for (let pages = 0; pages < 10; pages++) {
      const page = await store.deadLetters(shopId, { queue, state: "open", after, limit: 2 });
      seen.push(...page.map(({ letterId }) => letterId));
      after = page.at(-1);
      if (!after) break;
      if (pages === 0) await store.keepDeadLetters([letterOf({ shopId, queue, atMs: 9 })]);
    }
    const newestFirst = kept.toSorted(
      (a, b) => b.atMs - a.atMs || (a.letterId < b.letterId ? 1 : -1),
    );
    expect(seen).toEqual(newestFirst.map(({ letterId }) => letterId));
  });

  test("a shop sees its own letters, and those that name no shop", async () => {
    const store = open();
    const [mine, other] = [ShopId.parse("letter-mine"), ShopId.parse("letter-other")];
    const [own, nobodys] = [letterOf({ shopId: mine }), letterOf()];
    await store.keepDeadLetters([own, nobodys]);
    expect(await store.deadLetter(other, own.letterId)).toBeUndefined();
    expect(await store.redriven(other, own.letterId, 3)).toBeUndefined();
    expect(await store.deadLetter(mine, own.letterId)).toMatchObject({ state: "open" });
    for (const shopId of [mine, other]) {
      expect(await store.deadLetter(shopId, nobodys.letterId)).toBeDefined();
    }
  });

  test("a letter that comes with an event is kept in the same batch, once, or not at all", async () => {
    const store = open();
    const shopId = ShopId.parse("letter-batch");
    const letter = letterOf({ shopId });
    await store.apply([placed(orderOf({ shopId }))], [letter]);
    await store.apply([placed(orderOf({ shopId }))], [{ ...letter, attempts: 7, cause: "New." }]);
    const kept = await store.deadLetter(shopId, letter.letterId);
    expect(kept).toMatchObject({ attempts: 5, cause: letter.cause });

    const poison = orderOf({ shopId, captured: { amountMinor: 9999, currency: "EUR" } });
    const never = letterOf({ shopId });
    await expect(store.apply([placed(poison)], [never])).rejects.toThrow();
    expect(await store.deadLetter(shopId, never.letterId)).toBeUndefined();
  });
}

function itTakesDecisions(open: () => OrderStore): void {
  const shopId = ShopId.parse("letter-decisions");

  test("a letter is redriven once however often it is said; when it fails again it is open", async () => {
    const store = open();
    const letter = letterOf({ shopId });
    await store.keepDeadLetters([letter]);
    const redriven = { state: "redriven", decidedAtMs: 10 };
    expect(await store.redriven(shopId, letter.letterId, 10)).toMatchObject(redriven);
    expect(await store.redriven(shopId, letter.letterId, 11)).toMatchObject(redriven);
    await store.keepDeadLetters([{ ...letter, atMs: 20 }]);
    const again = await store.deadLetter(shopId, letter.letterId);
    expect(again).toMatchObject({ state: "open", attempts: 10, lastAtMs: 20 });
    expect(again?.decidedAtMs).toBeUndefined();
  });

  test("a letter is discarded with its first reason, and stays so when its message comes again", async () => {
    const store = open();
    const letter = letterOf({ shopId });
    await store.keepDeadLetters([letter]);
    const discarded = { state: "discarded", decidedAtMs: 10, discardReason: "A test of ours." };
    const by = { reason: "A test of ours.", nowMs: 10 };
    expect(await store.discarded(shopId, letter.letterId, by)).toMatchObject(discarded);
    const late = { reason: "Another.", nowMs: 11 };
    expect(await store.discarded(shopId, letter.letterId, late)).toMatchObject(discarded);
    await store.keepDeadLetters([{ ...letter, atMs: 20 }]);
    expect(await store.deadLetter(shopId, letter.letterId)).toMatchObject(discarded);
  });

  test("what was discarded can still be redriven, and a letter that is not there cannot", async () => {
    const store = open();
    const letter = letterOf({ shopId });
    await store.keepDeadLetters([letter]);
    await store.discarded(shopId, letter.letterId, { reason: "Too early.", nowMs: 10 });
    const redriven = await store.redriven(shopId, letter.letterId, 11);
    expect(redriven).toMatchObject({ state: "redriven", discardReason: undefined });
    expect(await store.redriven(shopId, "none", 1)).toBeUndefined();
    expect(await store.discarded(shopId, "none", { reason: "x", nowMs: 1 })).toBeUndefined();
  });
}
