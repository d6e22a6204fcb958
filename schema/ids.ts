import * as z from "zod";
import { assert } from "./outcome.ts";
import { RegionCode } from "./regions.ts";
import { textUpTo } from "./text.ts";

/** Crockford's base 32: no I, L, O or U, so that an id survives being read out loud. */
export const ID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"; // https://www.crockford.com/base32.html
const SUFFIX_LENGTH = 26;
const SUFFIX_BYTES = 17; // 26 characters of 5 bits are 130 bits

const id = <Prefix extends string>(prefix: Prefix) =>
  z
    .string()
    .regex(
      new RegExp(
        `^${prefix}_(${RegionCode.options.join("|")})_[${ID_ALPHABET}]{${SUFFIX_LENGTH}}$`,
      ),
      `not an id of the form ${prefix}_<region>_<26 characters>`,
    );

/** Names one sale for ever; its home region stands in it. */
export const CheckoutId = id("chk").brand<"CheckoutId">();
export type CheckoutId = z.infer<typeof CheckoutId>;

/** Has its checkout's region and suffix: one order per checkout, by construction. */
export const OrderId = id("ord").brand<"OrderId">();
export type OrderId = z.infer<typeof OrderId>;

/** A shopper's basket. Whoever has this name may fill and buy it, so nobody can guess one. */
export const CartId = id("crt").brand<"CartId">();
export type CartId = z.infer<typeof CartId>;

/** A shop of this deployment; every name of an object, row and dump starts with it. */
export const ShopId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,31}$/)
  .brand<"ShopId">();
export type ShopId = z.infer<typeof ShopId>;

/** No control or format characters, and no blanks but inner ones of ASCII: who reads it out loud knows all of it. */
const SKU = /^(?!\.{1,2}$|__proto__$)[^\p{C}\p{Z}](?:(?:[^\p{C}\p{Z}]| )*[^\p{C}\p{Z}])?$/u;
/** Of an object's name that a SKU may take. Source: https://developers.cloudflare.com/durable-objects/platform/limits/ */
const SKU_ENCODED_MAX = 768;

/** As suppliers print it: `M8/20 & Co #4`, `Größe|L+`. Percent-encoded in paths; two spellings of one accent are one. */
export const Sku = textUpTo(64)
  .normalize("NFC")
  .regex(SKU, "a SKU is 1 to 64 visible characters, and no dots alone")
  .refine((sku) => encodedLength(sku) <= SKU_ENCODED_MAX, "a SKU is shorter in UTF-8")
  .brand<"Sku">();
export type Sku = z.infer<typeof Sku>;

function encodedLength(sku: string): number {
  return sku.isWellFormed() ? encodeURIComponent(sku).length : 0;
}

export function regionOf(id: CartId | CheckoutId | OrderId): RegionCode {
  return RegionCode.parse(id.split("_")[1]);
}

export function cartIdFrom(region: RegionCode, entropy: Uint8Array): CartId {
  return CartId.parse(`crt_${region}_${suffixFrom(entropy)}`);
}

export function checkoutIdFrom(region: RegionCode, entropy: Uint8Array): CheckoutId {
  return CheckoutId.parse(`chk_${region}_${suffixFrom(entropy)}`);
}

export function orderIdOf(checkoutId: CheckoutId): OrderId {
  return OrderId.parse(checkoutId.replace(/^chk_/, "ord_"));
}

export function checkoutIdOf(orderId: OrderId): CheckoutId {
  return CheckoutId.parse(orderId.replace(/^ord_/, "chk_"));
}

function suffixFrom(entropy: Uint8Array): string {
  assert(entropy.length >= SUFFIX_BYTES, `an id needs ${SUFFIX_BYTES} bytes`);
  let bits = 0;
  let bitCount = 0;
  let suffix = "";
  for (const byte of entropy) {
    bits = ((bits << 8) | byte) & 0xfff;
    bitCount += 8;
    while (bitCount >= 5 && suffix.length < SUFFIX_LENGTH) {
      bitCount -= 5;
      suffix += ID_ALPHABET[(bits >> bitCount) & 31];
    }
  }
  return suffix;
}
