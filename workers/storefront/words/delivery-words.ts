import type { ProductList } from "../../../schema/product.ts";
import { moneyText } from "./shown-money.ts";

type Known = Pick<ProductList, "pricesIncludeTax" | "shippingOptions" | "crossesBorder">;

/** What comes on top of the prices in the window, as far as it is known before an address is. */
export function pricesText({ pricesIncludeTax }: Known): string {
  return pricesIncludeTax
    ? "Prices include tax."
    : "Prices are without sales tax: your state's comes on top at the checkout.";
}

/** "Delivery of a small parcel: Standard €4.90, Express €12.90." */
export function deliveryText({ shippingOptions }: Known): string | undefined {
  if (shippingOptions.length === 0) return undefined;
  const options = shippingOptions.map(({ name, amount }) => `${name} ${moneyText(amount)}`);
  return `Delivery of a small parcel: ${options.join(", ")}.`;
}

export function borderText({ crossesBorder }: Known): string | undefined {
  return crossesBorder
    ? "Your things cross a customs border: whether import duties are included stands in the quote."
    : undefined;
}
