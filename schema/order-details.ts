import * as z from "zod";
import {
  Company,
  Customer,
  LineNote,
  OrderAddress,
  OrderBillingAddress,
  OrderNote,
} from "./buyer.ts";
import { Quote, QuoteLine } from "./checkout.ts";
import { Money } from "./money.ts";
import { Order, OrderLine } from "./order.ts";
import { QuoteDiscount, QuoteDuties, QuoteTax } from "./quote-parts.ts";
import { QuoteNotice } from "./shop-notices.ts";

/** The rate of a tax beside its amount, so that an invoice needs no other call. */
const Taxed = {
  taxRatePpm: z.int().optional().describe("in parts per million: 190000 is 19 %"),
  taxInclusive: z.boolean().optional().describe("true where the price holds the tax"),
};

const DetailedLine = OrderLine.extend({
  ...QuoteLine.pick({
    ...{ name: true, amount: true, discount: true, discounts: true },
    ...{ tax: true, taxClass: true, duty: true, facts: true },
  }).partial().shape,
  ...Taxed,
  note: LineNote.optional(),
});

/**
 * An order as its merchant and its shopper read it: with who bought it, where it goes and how its
 * price came about. Only the sale's own object knows that, so it comes from there and is kept
 * nowhere else (I10).
 */
export const OrderDetails = Order.extend({
  lines: z.array(DetailedLine).min(1),
  customer: Customer.optional(),
  shippingAddress: OrderAddress.optional(),
  billingAddress: OrderBillingAddress.optional(),
  company: Company.optional(),
  vatNumber: z.string().optional().describe("of a business that accounts for the VAT itself"),
  note: OrderNote.optional(),
  subtotal: Money.optional().describe("the lines alone, as priced"),
  shipping: Quote.shape.shipping.extend(Taxed).optional(),
  discounts: z.array(QuoteDiscount).optional(),
  discount: Money.optional().describe("everything that is taken off, of lines and shipping"),
  taxes: z.array(QuoteTax).optional(),
  tax: Money.optional().describe("all taxes, those within the prices and those on top"),
  duties: QuoteDuties.optional().describe("absent where no customs border was crossed"),
  notices: z.array(QuoteNotice).optional().describe("what the shopper was told before ordering"),
  detailsLeftOut: z
    .enum(["sale_away", "sale_forgotten"])
    .optional()
    .describe(
      "why all that is not in an order list is missing: the sale cannot be asked now (ask again), " +
        "or its personal data is erased for good. Absent where nothing is",
    ),
});
export type OrderDetails = z.infer<typeof OrderDetails>;
export type DetailedLine = z.infer<typeof DetailedLine>;
