import { expect, test } from "vitest";
import { ShopId, Sku } from "../../schema/ids.ts";
import type { OrderStore } from "../order-store.ts";
import { letterOf } from "./dead-letters-contract.ts";
import { eur, lifeOf, orderOf, placed, START_MS } from "./order-fixtures.ts";
import { stubOf } from "./order-stubs-contract.ts";

/** What is written many rows at a time is what one by one would have left. */
export function itWritesManyAtOnce(open: () => OrderStore): void {
  test("a batch of megabytes is stored whole, in the order in which it came", async () => {
    const store = open();
    const start = await store.head();
    const lines = Array.from({ length: 100 }, (_, at) => {
      const sku = Sku.parse(`a-sku-with-a-name-of-its-own-${at}`);
      return { sku, quantity: 1, unitAmount: eur(1299), paid: eur(1299), captured: eur(1299) };
    });
    const orders = Array.from({ length: 60 }, () => orderOf({ lines }));
    const events = orders.flatMap((order) => lifeOf(order));
    expect(JSON.stringify(events).length).toBeGreaterThan(2_100_000); // more than a parameter of D1 has
    await store.apply(events);
    const logged = await store.log({ afterOffset: start, limit: 1000 });
    expect(logged).toEqual(events.map((event, at) => ({ offset: start + at + 1, event })));
    for (const order of [orders[0], orders[59]]) {
      if (!order) throw new Error("sixty orders were made");
      const kept = await store.order(order.shopId, order.orderId);
      expect(kept).toMatchObject({ version: 3, lines });
    }
  });

  test("signs that SQL, JSON or an array would read as theirs come back as they went in", async () => {
    const store = open();
    const signs = `'"\\{},[]$1?1 \n\t NULL null é 😀`;
    const order = orderOf({ providerReference: signs, customerReference: signs });
    const start = await store.head();
    await store.apply([placed(order)]);
    expect(await store.order(order.shopId, order.orderId)).toEqual(order);
    expect(await store.log({ afterOffset: start, limit: 9 })).toMatchObject([
      { event: placed(order) },
    ]);
    const letter = letterOf({ shopId: order.shopId, cause: signs, body: JSON.stringify(signs) });
    await store.keepDeadLetters([letter]);
    const { cause, body } = letter;
    expect(await store.deadLetter(order.shopId, letter.letterId)).toMatchObject({ cause, body });
  });

  test("a letter whose cause was cut within a character is kept", async () => {
    const store = open();
    const shopId = ShopId.parse("letter-cut");
    const [kept, brought] = ["😀", "😀"].map((sign) =>
      letterOf({ shopId, cause: sign.slice(0, 1) }),
    );
    if (!kept || !brought) throw new Error("two letters were made");
    await store.keepDeadLetters([kept]);
    await store.apply([placed(orderOf({ shopId }))], [brought]);
    const letters = await store.deadLetters(shopId, { limit: 5 });
    expect(letters.map(({ cause }) => cause)).toEqual(["\ufffd", "\ufffd"]);
  });

  test("a letter that is kept twice at once is one, as if it had come one by one", async () => {
    const store = open();
    const shopId = ShopId.parse("letter-together");
    const letter = letterOf({ shopId, atMs: 5, cause: "First." });
    const again = { ...letter, attempts: 2, atMs: 8, cause: "Then.", body: "[]" };
    await store.keepDeadLetters([letter, again]);
    const kept = { attempts: 7, cause: "Then.", body: "{}", firstAtMs: 5, lastAtMs: 8 };
    expect(await store.deadLetter(shopId, letter.letterId)).toMatchObject(kept);
    await store.redriven(shopId, letter.letterId, 9);
    await store.keepDeadLetters([letter, letterOf({ shopId }), again]);
    expect(await store.deadLetter(shopId, letter.letterId)).toMatchObject({
      ...{ ...kept, attempts: 14 },
      ...{ state: "open", decidedAtMs: undefined },
    });
  });

  test("stubs of many orders are kept at once, each in its latest version", async () => {
    const store = open();
    const stubs = Array.from({ length: 50 }, () => stubOf());
    await store.keepStubs(stubs);
    const [first, ...rest] = stubs;
    if (!first) throw new Error("fifty stubs were made");
    const later = { ...first, version: 3, captured: eur(1), asOfMs: START_MS + 9000 };
    await store.keepStubs([later, first, ...rest.map((stub) => ({ ...stub, version: 1 }))]);
    for (const stub of [later, ...rest]) {
      expect(await store.stub(stub.shopId, stub.orderId)).toEqual(stub);
    }
  });
}
