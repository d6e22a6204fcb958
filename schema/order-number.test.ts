import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { checkoutIdFrom, OrderId, orderIdOf } from "./ids.ts";
import { idsWithNumber, OrderNumber, orderNumberOf, TypedOrderNumber } from "./order-number.ts";

const orderId = OrderId.parse("ord_eu_7k3m9qx24t8vh9v2t8xb5dme0z");
const orderNumber = "7K3M-9QX2-4T8V";

/** Ids as the edge derives them: a keyed hash of the create's key. */
const idOf = (key: string) =>
  orderIdOf(checkoutIdFrom("eu", createHmac("sha256", "an ID_KEY").update(key).digest()));

test("an order number is the beginning of its order's id, in groups that can be read out loud", () => {
  expect(orderNumberOf(orderId)).toBe(orderNumber);
  expect(OrderNumber.parse(orderNumber)).toBe(orderNumber);
});

test.each(["7K3M-9QX2-4T8V", "7k3m9qx24t8v", " 7k3m 9qx2 4t8v ", "7K3M–9QX2–4T8V"])(
  "a number is read as people type it: %s",
  (typed) => {
    expect(TypedOrderNumber.parse(typed)).toBe(orderNumber);
  },
);

test("O is read as 0, I and L as 1", () => {
  expect(TypedOrderNumber.parse("oOiI-lL23-4567")).toBe("0011-1123-4567");
});

test.each(["", "7K3M-9QX2-4T8", "7K3M-9QX2-4T8VV", "7K3M-9QX2-4T8U", "ord_eu_7k3m9qx24t8v"])(
  "what cannot be an order number is refused: %j",
  (typed) => {
    expect(TypedOrderNumber.safeParse(typed).success).toBe(false);
  },
);

test("an order lies where the ids with its number are, and no other number's does", () => {
  const { from, before } = idsWithNumber("eu", orderNumber);
  expect(orderId >= from && orderId < before).toBe(true);
  const next = OrderId.parse("ord_eu_7k3m9qx24t8wh9v2t8xb5dme0z");
  expect(next >= from && next < before).toBe(false);
});

test("numbers of creates that follow each other share nothing, and none comes twice", () => {
  const numbers = Array.from({ length: 20_000 }, (_, at) => orderNumberOf(idOf(`cart-${at}`)));
  expect(new Set(numbers).size).toBe(numbers.length);
  const neighbours = numbers.filter(
    (number, at) => number.slice(0, 7) === numbers[at - 1]?.slice(0, 7),
  );
  expect(neighbours).toEqual([]);
});
