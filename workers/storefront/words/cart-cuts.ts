import type { CartCut } from "../../../schema/cart.ts";
import { nameOf } from "../state/shop-window.ts";
import type { Trouble } from "./troubles.ts";

/** What a shopper hears of a cart that was merged or moved, and did not come along whole. */
export function cutsOf(cuts: readonly CartCut[]): Trouble {
  return { title: "Not all of it came along", text: cuts.map(sentenceOf).join(" ") };
}

function sentenceOf({ sku, code, because, kept = 0 }: CartCut): string {
  if (code !== undefined) return `The code ${code} was one too many.`;
  const name = nameOf(sku ?? "");
  switch (because) {
    case "out_of_stock":
      return `${name}: there are no more than ${kept} for you now.`;
    case "quantity_limit":
      return `${name}: a line holds no more than ${kept}.`;
    case "cart_full":
      return `${name}: your cart is full.`;
    case "note_too_long":
      return `${name}: both notes together were too long, so your account's stays.`;
    case "note_stays_home":
      return `${name}: its note stayed in the other country. Write it again.`;
  }
}
