import * as z from "zod";
import { CartId, CheckoutId, OrderId, Sku } from "./ids.ts";
import { Currency, Money } from "./money.ts";
import { PaymentRequest, PaymentView } from "./payment.ts";
import { Country, RegionCode } from "./regions.ts";
import { CheckoutStatus } from "./states.ts";

/** More pieces of one SKU than a shopper buys; a wholesale order is not a checkout. */
export const QUANTITY_MAX = 10_000;
export const LINES_MAX = 100;

export const Line = z.strictObject({ sku: Sku, quantity: z.int().min(1).max(QUANTITY_MAX) });
export type Line = z.infer<typeof Line>;

export const Customer = z.strictObject({
  email: z.email().max(254),
  name: z.string().min(1).max(200).optional(),
  customerId: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/)
    .optional(),
});
export type Customer = z.infer<typeof Customer>;

export const Address = z.strictObject({
  name: z.string().min(1).max(200),
  line1: z.string().min(1).max(200),
  line2: z.string().max(200).optional(),
  city: z.string().min(1).max(100),
  postalCode: z.string().min(1).max(20),
  state: z.string().min(1).max(50).optional(),
  country: Country,
  phone: z.string().max(30).optional(),
});
export type Address = z.infer<typeof Address>;

const NewCheckout = z.strictObject({
  cartId: CartId.optional(),
  lines: z.array(Line).min(1).max(LINES_MAX).optional(),
  currency: Currency,
  country: Country,
  customer: Customer,
  shippingAddress: Address.optional(),
  shippingOption: z.string().min(1).max(40).optional(),
  promotionCodes: z.array(z.string().min(1).max(40)).max(10).optional(),
  payment: PaymentRequest.optional(),
  expectedTotal: Money.optional(),
});
export const CreateCheckout = NewCheckout.refine(
  ({ cartId, lines }) => (cartId === undefined) !== (lines === undefined),
  "send either lines or a cartId: a checkout is made from one of them",
);
export type CreateCheckout = z.infer<typeof CreateCheckout>;

export const PayCheckout = z.strictObject({ payment: PaymentRequest, expectedTotal: Money });
export type PayCheckout = z.infer<typeof PayCheckout>;

/** What may change while a checkout is open. What is left out stays. */
export const PatchCheckout = NewCheckout.pick({
  lines: true,
  shippingAddress: true,
  shippingOption: true,
  promotionCodes: true,
})
  .extend({ customer: Customer })
  .partial()
  .refine((patch) => Object.keys(patch).length > 0, "nothing to change");
export type PatchCheckout = z.infer<typeof PatchCheckout>;

export const QuoteLine = z.strictObject({
  sku: Sku,
  name: z.string(),
  quantity: z.int(),
  unitAmount: Money,
  amount: Money,
});
export const QuoteTax = z.strictObject({
  name: z.string(),
  country: Country,
  state: z.string().optional(),
  ratePpm: z.int().describe("in parts per million: 190000 is 19 %"),
  inclusive: z.boolean().describe("true where prices are shown with tax"),
  amount: Money,
});
export const Quote = z.strictObject({
  lines: z.array(QuoteLine),
  shipping: z.strictObject({ option: z.string(), name: z.string(), amount: Money }),
  discounts: z.array(
    z.strictObject({ code: z.string().optional(), name: z.string(), amount: Money }),
  ),
  taxes: z.array(QuoteTax),
  subtotal: Money.describe("the lines alone, as priced"),
  discount: Money,
  tax: Money.describe("all taxes, those within the prices and those on top"),
  total: Money.describe("what is authorized"),
  expiresAt: z.iso.datetime(),
  hash: z.string().describe("of everything that the total was made from"),
});
export type Quote = z.infer<typeof Quote>;

export const TimelineEntry = z.strictObject({
  at: z.iso.datetime(),
  step: z.string(),
  state: z.string(),
  detail: z
    .strictObject({
      run: z.string(),
      attempt: z.int().optional(),
      option: z.string().optional(),
      durationMs: z.int().optional(),
      reason: z.string().optional(),
    })
    .optional(),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

export const CheckoutView = z.strictObject({
  checkoutId: CheckoutId,
  clientSecret: z.string().optional().describe("only in the answer to the create"),
  status: CheckoutStatus,
  region: RegionCode,
  quote: Quote,
  hold: z.strictObject({ expiresAt: z.iso.datetime() }).optional(),
  paymentMethods: z.array(z.string()),
  payment: PaymentView.optional(),
  orderId: OrderId.optional(),
  timeline: z.array(TimelineEntry).optional(),
});
export type CheckoutView = z.infer<typeof CheckoutView>;
