import { createCheckout, openCheckout, order } from "./sale-examples.ts";

const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });
const { quote } = openCheckout;
const { customer, shippingAddress, billingAddress, company, note } = createCheckout;

/** The order of the other examples, as its merchant and its shopper read it. */
export const orderDetails = {
  ...order,
  lines: order.lines.map((line) => ({
    ...line,
    ...{ name: "Mug", amount: eur(2598), tax: eur(415), taxRatePpm: 190_000, taxInclusive: true },
    note: "Engrave: Ada",
  })),
  customer,
  shippingAddress,
  billingAddress,
  company,
  note,
  shipping: { ...quote.shipping, tax: eur(78), taxRatePpm: 190_000, taxInclusive: true },
  ...{ subtotal: quote.subtotal, discount: quote.discount, discounts: quote.discounts },
  ...{ taxes: quote.taxes, tax: quote.tax },
};
