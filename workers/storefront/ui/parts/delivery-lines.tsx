import type { ProductList } from "../../../../schema/product.ts";
import { borderText, deliveryText, pricesText } from "../../words/delivery-words.ts";

/** What a price in the window holds, and what comes to it: known before the checkout. */
export function DeliveryLines({ list }: { readonly list: ProductList }) {
  const lines = [pricesText(list), deliveryText(list), borderText(list)];
  return (
    <>
      {lines.map((line) =>
        line === undefined ? null : (
          <p key={line} class="fine-print">
            {line}
          </p>
        ),
      )}
    </>
  );
}
