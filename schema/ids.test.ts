import fc from "fast-check";
import { expect, test } from "vitest";
import {
  CheckoutId,
  checkoutIdFrom,
  checkoutIdOf,
  OrderId,
  orderIdOf,
  regionOf,
  ShopId,
} from "./ids.ts";
import { regionCodes } from "./regions.ts";

const SUFFIX = "0123456789abcdefghjkmnpqrs";

test("an id carries its region, and the region is read from it", () => {
  for (const region of regionCodes) {
    expect(regionOf(CheckoutId.parse(`chk_${region}_${SUFFIX}`))).toBe(region);
    expect(regionOf(OrderId.parse(`ord_${region}_${SUFFIX}`))).toBe(region);
  }
});

test("an order has its checkout's region and suffix, there and back", () => {
  const checkoutId = CheckoutId.parse(`chk_sam_${SUFFIX}`);
  expect(orderIdOf(checkoutId)).toBe(`ord_sam_${SUFFIX}`);
  expect(checkoutIdOf(orderIdOf(checkoutId))).toBe(checkoutId);
});

test("every other form is refused", () => {
  const wrong = [
    "",
    SUFFIX,
    `chk_${SUFFIX}`,
    `ord_eu_${SUFFIX}`, // another kind
    `CHK_eu_${SUFFIX}`,
    `chk_EU_${SUFFIX}`,
    `chk_xx_${SUFFIX}`, // no region of ours
    `chk_eu__${SUFFIX}`,
    `chk_eu_${SUFFIX.slice(1)}`, // 25 characters
    `chk_eu_${SUFFIX}0`, // 27
    `chk_eu_${SUFFIX.toUpperCase()}`,
    `chk_eu_${SUFFIX.replace("a", "i")}`, // Crockford knows no i, l, o, u
    `chk_eu_${SUFFIX.replace("a", "l")}`,
    `chk_eu_${SUFFIX.replace("a", "o")}`,
    `chk_eu_${SUFFIX.replace("a", "u")}`,
    ` chk_eu_${SUFFIX}`,
    `chk_eu_${SUFFIX}\n`,
    `chk_eu_${SUFFIX}/../x`,
  ];
  for (const id of wrong) expect(CheckoutId.safeParse(id).success, JSON.stringify(id)).toBe(false);
  for (const id of [null, 1, {}, [`chk_eu_${SUFFIX}`]]) {
    expect(CheckoutId.safeParse(id).success).toBe(false);
  }
});

test("17 bytes make the 26 characters, most significant bit first", () => {
  expect(checkoutIdFrom("eu", new Uint8Array(17))).toBe(`chk_eu_${"0".repeat(26)}`);
  expect(checkoutIdFrom("eu", new Uint8Array(17).fill(255))).toBe(`chk_eu_${"z".repeat(26)}`);
  const first = new Uint8Array(17);
  first[0] = 0b00001_000;
  expect(checkoutIdFrom("us", first)).toBe(`chk_us_1${"0".repeat(25)}`);
});

test("fewer bytes than an id needs are a bug, not a weaker id", () => {
  expect(() => checkoutIdFrom("eu", new Uint8Array(16))).toThrow(/needs 17 bytes/);
});

test("entropy of 130 bits survives: other bits, another id", () => {
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(bytes, fc.integer({ min: 0, max: 129 }), (entropy, bit) => {
      const other = Uint8Array.from(entropy);
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (128 >> (bit & 7));
      expect(checkoutIdFrom("apac", other)).not.toBe(checkoutIdFrom("apac", entropy));
      expect(checkoutIdFrom("apac", entropy)).toBe(checkoutIdFrom("apac", entropy));
    }),
  );
});

test("a shop's name cannot leave its place in an object's name", () => {
  for (const shop of ["demo", "shop-2"]) expect(ShopId.safeParse(shop).success).toBe(true);
  for (const shop of ["", "d", "Demo", "a/b", "a:b", "-a", "a".repeat(33)]) {
    expect(ShopId.safeParse(shop).success, shop).toBe(false);
  }
});
