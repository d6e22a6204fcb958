import * as z from "zod";
import { Sku } from "./ids.ts";
import { Currency } from "./money.ts";
import { filledTextUpTo } from "./text.ts";

export const PromotionId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
  .brand<"PromotionId">();
export type PromotionId = z.infer<typeof PromotionId>;

const CODE_MAX = 40;

/** What a shopper may send as a code. */
export const WrittenCode = filledTextUpTo(CODE_MAX);

/** As it is stored and compared: shoppers may write it as they like. Letters of any script, digits, `%`, `+`, `-`, `_`. */
export const PromotionCode = WrittenCode.trim()
  .overwrite(folded)
  .regex(/^[\p{L}\p{N}%+_-][\p{L}\p{M}\p{N}%+_-]*$/u);
export type PromotionCode = z.infer<typeof PromotionCode>;

/** Small letters first: a capital sharp s has no capitals of its own. `straße`, `STRASSE` and `STRAẞE` are one code. */
function folded(code: string): string {
  return code.normalize("NFKC").toLowerCase().toUpperCase().normalize("NFC");
}

/** What a shopper wrote, as the code that it names; undefined where it cannot be one. */
export function promotionCodeOf(written: string): PromotionCode | undefined {
  return PromotionCode.safeParse(written).data;
}

/** Minor units by currency. A promotion without an amount in a cart's currency does not apply. */
const Amounts = z.record(Currency, z.int().min(1));
const Ppm = z.int().min(1).max(1_000_000);
/** Absent: every item. */
const Skus = z.array(Sku).min(1).optional();
const Pieces = z.int().min(1).max(1_000);

/** A share of the price or an amount; one of them. */
const Off = z
  .strictObject({ ppm: Ppm.optional(), amounts: Amounts.optional() })
  .refine(({ ppm, amounts }) => (ppm === undefined) !== (amounts === undefined), "ppm or amounts");
export type Off = z.infer<typeof Off>;

const Percentage = z.strictObject({ kind: z.literal("percentage"), ppm: Ppm, skus: Skus });
const Fixed = z.strictObject({ kind: z.literal("fixed"), amounts: Amounts, skus: Skus });
const BuyXGetY = z
  .strictObject({
    kind: z.literal("buy_x_get_y"),
    buy: z.strictObject({ quantity: Pieces, skus: Skus }),
    /** Of the same items when it names none; else of items that do not count as bought. */
    get: z.strictObject({ quantity: Pieces, skus: Skus, ppm: Ppm }),
    timesMax: Pieces.optional(),
  })
  .refine(
    ({ buy, get }) => !get.skus || (buy.skus && !get.skus.some((sku) => buy.skus?.includes(sku))),
    "what is bought and what is given are other items, or the same",
  );
const Threshold = z.strictObject({
  kind: z.literal("threshold"),
  /** The highest step that the cart's list price reaches counts. */
  steps: z
    .array(z.strictObject({ from: Amounts, off: Off }))
    .min(1)
    .max(20),
});
const FreeShipping = z.strictObject({
  kind: z.literal("free_shipping"),
  from: Amounts.optional(),
  options: z.array(z.string()).min(1).optional(),
});
const Bundle = z.strictObject({
  kind: z.literal("bundle"),
  items: z
    .array(z.strictObject({ sku: Sku, quantity: Pieces }))
    .min(1)
    .max(20),
  /** What one bundle costs. */
  amounts: Amounts,
});

export const PromotionRule = z.union([
  Percentage,
  Fixed,
  BuyXGetY,
  Threshold,
  FreeShipping,
  Bundle,
]);
export type PromotionRule = z.infer<typeof PromotionRule>;

/**
 * The shop's wall clock, without a zone: `2026-11-27T00:00`. Where clocks are turned back, it is the
 * first of the two; in the hour that is left out, the moment after it.
 */
export const WallTime = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/);
/** The shop's wall clock, or a moment with its offset: `2026-11-27T00:00+01:00`, `…Z`. */
export const ShopTime = z.union([
  WallTime,
  z.iso.datetime({ offset: true }),
  z.iso.datetime({ offset: true, precision: -1 }),
]);

const UsesMax = z.int().min(1).optional();

/** A promotion as the catalogue keeps it. */
export const Promotion = z.strictObject({
  promotionId: PromotionId,
  version: z.int().min(1),
  name: filledTextUpTo(100),
  /** Absent: it applies by itself. */
  code: PromotionCode.optional(),
  rule: PromotionRule,
  /** Combines with no other promotion. */
  exclusive: z.boolean(),
  /** Lower ones are taken off first; equal ones in the order of their ids. */
  rank: z.int(),
  startsAt: ShopTime.optional(),
  /** The first moment at which it no longer applies. */
  endsAt: ShopTime.optional(),
  usesMax: UsesMax,
  usesPerCustomerMax: UsesMax,
  /** A feature flag that has to be on for the sale; `name=variant` asks for that variant. */
  flag: z.string().optional(),
});
export type Promotion = z.infer<typeof Promotion>;

/** A promotion whose uses are counted, with its limits as they were when the quote was made. */
export const CountedPromotion = z.strictObject({
  promotionId: PromotionId,
  name: z.string(),
  code: z.string().optional(),
  usesMax: UsesMax,
  usesPerCustomerMax: UsesMax,
});
export type CountedPromotion = z.infer<typeof CountedPromotion>;
