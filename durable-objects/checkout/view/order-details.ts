import type { Address } from "../../../schema/buyer.ts";
import type { Quote } from "../../../schema/checkout.ts";
import type { Order } from "../../../schema/order.ts";
import type { DetailedLine, OrderDetails } from "../../../schema/order-details.ts";
import { e164Of } from "../../../schema/phone.ts";
import type { QuoteTax } from "../../../schema/quote-parts.ts";
import type { Checkout } from "../sale/checkout.ts";

/**
 * The order with all that its parcel and its invoice need: lines − discounts + shipping + taxes on
 * top + duties are its total. Personal data is in it: it answers a call and is stored nowhere. Undefined
 * before there is one.
 */
export function orderDetails(checkout: Checkout | undefined): OrderDetails | undefined {
  if (!checkout?.order) return undefined;
  const { order, quote, customer, shippingAddress, request, particulars } = checkout;
  const { billingAddress, company, note } = particulars ?? {};
  const { subtotal, discount, tax, discounts, taxes, shipping, duties, notices } = quote;
  return {
    ...order,
    lines: order.lines.map((line) => detailedLine(line, checkout)),
    customer,
    ...(shippingAddress ? { shippingAddress: withDialled(shippingAddress) } : {}),
    ...(billingAddress ? { billingAddress: withDialled(billingAddress) } : {}),
    ...(company ? { company } : {}),
    ...(request.vatNumber === undefined ? {} : { vatNumber: request.vatNumber }),
    ...(note ? { note } : {}),
    // Shipping is taxed at the standard rate, whatever is in the parcel.
    shipping: { ...shipping, ...rateOf(taxFor(quote, undefined)) },
    ...{ subtotal, discount, tax, discounts, taxes },
    ...(duties ? { duties } : {}),
    ...(notices ? { notices } : {}),
  };
}

/** As it was written, and as a carrier dials it: derived, so that what is stored stays what was said. */
function withDialled<A extends Pick<Address, "phone" | "country">>(address: A) {
  const { phone, country } = address;
  const phoneE164 = phone === undefined ? undefined : e164Of(phone, country);
  return phoneE164 === undefined ? address : { ...address, phoneE164 };
}

function detailedLine(
  line: Order["lines"][number],
  { quote, particulars }: Checkout,
): DetailedLine {
  const quoted = quote.lines.find(({ sku }) => sku === line.sku);
  const note = particulars?.lineNotes?.[line.sku];
  const said = note ? { note } : {};
  if (!quoted) return { ...line, ...said };
  const { name, amount, discount, discounts, tax, taxClass, duty, facts } = quoted;
  return {
    ...line,
    ...{ name, amount },
    ...(discount ? { discount } : {}),
    ...(discounts ? { discounts } : {}),
    ...(tax ? { tax, ...rateOf(taxFor(quote, taxClass)) } : {}),
    ...(taxClass ? { taxClass } : {}),
    ...(duty ? { duty } : {}),
    ...(facts ? { facts } : {}),
    ...said,
  };
}

/** Of one class there is one rate in a quote: all goes to one place. */
function taxFor({ taxes }: Quote, taxClass: QuoteTax["taxClass"]): QuoteTax | undefined {
  return taxes.find((each) => each.taxClass === taxClass);
}

function rateOf(tax: QuoteTax | undefined) {
  return tax ? { taxRatePpm: tax.ratePpm, taxInclusive: tax.inclusive } : {};
}
