import lamp from "../art/lamp.svg";
import lastOne from "../art/last-one.svg";
import mug from "../art/mug.svg";
import parcel from "../art/parcel.svg";
import poster from "../art/poster.svg";
import shirt from "../art/shirt.svg";

/** How a product is shown: the shop's own words and picture. */
export type Goods = { readonly picture: string; readonly words: string };

/** In the order of the window, the lamp first. */
const known: Readonly<Record<string, Goods>> = {
  lamp: { picture: lamp, words: "Warm as toast, dim enough for the cat." },
  "last-one": { picture: lastOne, words: "One vase left in each part of the world. Be quick." },
  mug: { picture: mug, words: "Holds one more chapter." },
  shirt: { picture: shirt, words: "Washed a hundred times already, or so it feels." },
  poster: { picture: poster, words: "A sunset that keeps." },
};

export function goodsOf(sku: string): Goods {
  return known[sku] ?? { picture: parcel, words: "Fresh from the packing table." };
}

export function inWindowOrder<T extends { readonly sku: string }>(products: readonly T[]): T[] {
  const rank = (sku: string) => {
    const index = Object.keys(known).indexOf(sku);
    return index === -1 ? Number.POSITIVE_INFINITY : index;
  };
  return products.toSorted((a, b) => rank(a.sku) - rank(b.sku));
}
