import * as z from "zod";
import {
  Address,
  BillingAddress,
  Company,
  Customer,
  LineNote,
  OrderNote,
  WrittenVatNumber,
} from "./buyer.ts";
import { SaleFlags } from "./flag.ts";
import { CartId, CheckoutId, OrderId, Sku } from "./ids.ts";
import { Currency, Money } from "./money.ts";
import { OrderNumber } from "./order-number.ts";
import { AttemptRoute, ExtraMethods, LeftOutWay, PaymentRequest, PaymentView } from "./payment.ts";
import { ProductFacts } from "./product-facts.ts";
import { CountedPromotion, WrittenCode } from "./promotion.ts";
import { QuoteDiscount, QuoteDuties, QuoteTax } from "./quote-parts.ts";
import { Country, RegionCode } from "./regions.ts";
import { QuoteNotice } from "./shop-notices.ts";
import { CheckoutStatus } from "./states.ts";
import { TaxClass, TaxRounding } from "./tax.ts";
import { TimelineEntry } from "./timeline.ts";

/** More pieces of one SKU than a shopper buys; a wholesale order is not a checkout. */
export const QUANTITY_MAX = 10_000;
export const LINES_MAX = 100;

export const Line = z.strictObject({ sku: Sku, quantity: z.int().min(1).max(QUANTITY_MAX) });
export type Line = z.infer<typeof Line>;

/** A line as its buyer words it. A SKU that is named twice is one line, with both notes. */
export const WantedLine = Line.extend({ note: LineNote.optional() });
export type WantedLine = z.infer<typeof WantedLine>;

/** An open checkout that this one takes the place of, in another region, and the secret that it answers to. */
const Replaced = z.strictObject({ checkoutId: CheckoutId, clientSecret: z.string().max(200) });

const NewCheckout = z.strictObject({
  cartId: CartId.optional(),
  lines: z.array(WantedLine).min(1).max(LINES_MAX).optional(),
  replaces: Replaced.optional().describe(
    "an open checkout whose lines are to be sold in another region: it is called off once this one is open",
  ),
  currency: Currency,
  country: Country,
  customer: Customer,
  shippingAddress: Address.optional(),
  billingAddress: BillingAddress.optional().describe("where it is not where the goods go"),
  company: Company.optional(),
  note: OrderNote.optional(),
  shippingOption: z.string().max(40).optional(),
  promotionCodes: z.array(WrittenCode).max(10).optional(),
  vatNumber: WrittenVatNumber.optional().describe(
    "of a business in another member state of the EU: it accounts for the VAT itself",
  ),
  payment: PaymentRequest.optional(),
  expectedTotal: Money.optional(),
});
export const CreateCheckout = NewCheckout.refine(
  ({ cartId, lines, replaces }) => [cartId, lines, replaces].filter(Boolean).length === 1,
  "send either lines or a cartId, or what it replaces: a checkout is made from one of them",
)
  .refine(
    ({ replaces, payment }) => !(replaces && payment),
    "what replaces another checkout is paid once that one is called off: leave the payment out",
  )
  .meta({
    oneOf: [
      { required: ["lines"] },
      { required: ["cartId"] },
      { required: ["replaces"], not: { required: ["payment"] } },
    ],
  });
export type CreateCheckout = z.infer<typeof CreateCheckout>;

export const PayCheckout = z.strictObject({ payment: PaymentRequest, expectedTotal: Money });
export type PayCheckout = z.infer<typeof PayCheckout>;

/** What may change while a checkout is open. What is left out stays; an empty text goes. */
export const PatchCheckout = NewCheckout.pick({
  country: true,
  currency: true,
  lines: true,
  shippingAddress: true,
  billingAddress: true,
  company: true,
  note: true,
  shippingOption: true,
  promotionCodes: true,
  vatNumber: true,
})
  .extend({ customer: Customer })
  .partial()
  .refine((patch) => Object.keys(patch).length > 0, "nothing to change")
  .meta({ minProperties: 1 });
export type PatchCheckout = z.infer<typeof PatchCheckout>;

export const QuoteLine = z.strictObject({
  sku: Sku,
  name: z.string(),
  quantity: z.int(),
  unitAmount: Money,
  amount: Money.describe("as priced, before discounts"),
  discount: Money.optional().describe("absent where nothing is taken off"),
  discounts: z.array(QuoteDiscount).optional(),
  tax: Money.optional().describe("on what is left after the discount"),
  taxClass: TaxClass.optional().describe("absent for the standard class"),
  duty: Money.optional().describe("import duty that is paid with the order; absent where none is"),
  facts: ProductFacts.optional().describe("what stood beside the price when it was quoted"),
  shipsFrom: RegionCode.optional().describe(
    "sold out at home: another region sends it, which takes longer. Absent otherwise",
  ),
});
export type QuoteLine = z.infer<typeof QuoteLine>;

const ShippingChoice = z.strictObject({
  option: z.string(),
  name: z.string(),
  amount: Money,
  carrier: z.string().optional().describe("whose live rate it is"),
});

export const Quote = z.strictObject({
  lines: z.array(QuoteLine),
  shipping: ShippingChoice.extend({
    discount: Money.optional(),
    tax: Money.optional(),
  }),
  shippingOptions: z.array(ShippingChoice).optional().describe("what could be chosen instead"),
  shippingLeftOut: z
    .array(z.strictObject({ carrier: z.string(), reason: z.string() }))
    .optional()
    .describe("carriers whose rates are missing, and why"),
  discounts: z.array(QuoteDiscount).describe("in the order in which they were taken off"),
  taxes: z.array(QuoteTax),
  taxRounding: TaxRounding.optional().describe(
    "what was rounded: each line, or a rate's sum, once",
  ),
  duties: QuoteDuties.optional().describe("absent where no customs border is crossed"),
  notices: z
    .array(QuoteNotice)
    .optional()
    .describe("what the shop has to tell in the country before an order is placed"),
  subtotal: Money.describe("the lines alone, as priced"),
  discount: Money.describe("everything that is taken off, of lines and shipping"),
  tax: Money.describe("all taxes, those within the prices and those on top"),
  total: Money.describe("what is authorized"),
  expiresAt: z.iso.datetime(),
  counted: z
    .array(CountedPromotion)
    .optional()
    .describe("promotions of which this checkout takes one use with its hold"),
  versions: z
    .record(z.string(), z.string())
    .optional()
    .describe("of prices, promotions, tax rates and shipping tables that it was made from"),
  flags: SaleFlags.optional().describe("that were on for this sale; not shown to shoppers"),
  extraMethods: ExtraMethods.optional().describe("that the shop had switched on; not shown"),
  hash: z.string().describe("of everything that the total was made from"),
});
export type Quote = z.infer<typeof Quote>;

export const CheckoutView = z.strictObject({
  checkoutId: CheckoutId,
  clientSecret: z.string().optional().describe("only in the answer to the create"),
  status: CheckoutStatus,
  region: RegionCode,
  quote: Quote.omit({ flags: true, extraMethods: true }),
  hold: z.strictObject({ expiresAt: z.iso.datetime() }).optional(),
  paymentMethods: z
    .array(z.string())
    .describe("those that can take this total; none, and nothing else, where it is zero"),
  paymentMethodsLeftOut: z
    .array(LeftOutWay)
    .optional()
    .describe("providers that cannot take this total; a method of theirs may remain at another"),
  payment: PaymentView.optional(),
  orderId: OrderId.optional(),
  orderNumber: OrderNumber.optional().describe("what people call the order"),
  timeline: z.array(TimelineEntry).optional(),
  routes: z
    .array(AttemptRoute)
    .optional()
    .describe("of each attempt to pay; where a secret key reads the checkout"),
});
export type CheckoutView = z.infer<typeof CheckoutView>;
