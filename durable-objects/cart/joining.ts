import { LineNote } from "../../schema/buyer.ts";
import { type CartCut, CODES_MAX } from "../../schema/cart.ts";
import { LINES_MAX, QUANTITY_MAX, type WantedLine } from "../../schema/checkout.ts";
import type { Sku } from "../../schema/ids.ts";
import { refuse } from "../../schema/refusals.ts";
import { type Cart, type EditRefusal, type Joined, whyOver } from "./cart.ts";
import type { Parcel } from "./departure.ts";

const JOINED_MAX = 50; // who logs in more often than that with another cart each time hears of none twice

/** By SKU, how many pieces there are to be had; absent where nobody counts. */
export type Available = ReadonlyMap<Sku, number>;

/** How this departure was answered before. */
export function joinedBefore(cart: Cart, { from, n }: Pick<Parcel, "from" | "n">) {
  return cart.joined?.find((each) => each.from === from && each.n >= n);
}

/**
 * The cart with the goods of another one added, as far as its bounds and the stock go, and what was cut. What it had
 * already is left alone.
 */
export function joining(
  cart: Cart,
  parcel: Parcel,
  { available, nowMs }: { readonly available: Available; readonly nowMs: number },
): Cart | EditRefusal {
  const over = whyOver(cart);
  if (over) return over;
  if (cart.claimedBy) return refuse("cart_claimed", { checkoutId: cart.claimedBy });
  const cuts: CartCut[] = [];
  const lines = new Map(cart.lines.map((line) => [line.sku, line]));
  for (const guest of parcel.lines) {
    const sum = summed(lines.get(guest.sku), guest, available.get(guest.sku));
    const isFull = !lines.has(guest.sku) && lines.size === LINES_MAX;
    const { line, cuts: cut } = isFull ? full(guest) : sum;
    if (line) lines.set(guest.sku, line);
    cuts.push(...cut);
  }
  const codes = [...new Set([...cart.codes, ...parcel.codes])];
  cuts.push(...codes.slice(CODES_MAX).map((code): CartCut => ({ code, because: "cart_full" })));
  const { from, n } = parcel;
  return {
    ...withAnswer(cart, { from, n, cuts }),
    ...{ lines: [...lines.values()], codes: codes.slice(0, CODES_MAX) },
    ...{ version: cart.version + 1, touchedAtMs: nowMs },
  };
}

/** The cart with a departure marked as refused: should it arrive once more, it hears the same. */
export function refusing(cart: Cart, { from, n }: Pick<Parcel, "from" | "n">): Cart {
  return joinedBefore(cart, { from, n })
    ? cart
    : withAnswer(cart, { from, n, cuts: [], isRefused: true });
}

function withAnswer(cart: Cart, answer: Joined): Cart {
  const others = (cart.joined ?? []).filter(({ from }) => from !== answer.from);
  return { ...cart, joined: [...others, answer].slice(-JOINED_MAX) };
}

type Summed = { readonly line?: WantedLine; readonly cuts: readonly CartCut[] };

function full({ sku, quantity }: WantedLine): Summed {
  return { cuts: [{ sku, because: "cart_full", wanted: quantity, kept: 0 }] };
}

function summed(own: WantedLine | undefined, guest: WantedLine, available = QUANTITY_MAX): Summed {
  const { sku } = guest;
  const had = own?.quantity ?? 0;
  const wanted = had + guest.quantity;
  // The customer's own pieces are theirs to change.
  const kept = Math.max(had, Math.min(wanted, QUANTITY_MAX, available));
  const because = available < QUANTITY_MAX ? "out_of_stock" : "quantity_limit";
  const cuts: CartCut[] = kept < wanted ? [{ sku, because, wanted, kept }] : [];
  if (kept === 0) return { cuts };
  const notes = [...new Set([own?.note, guest.note].filter(Boolean))].join("\n");
  const isTooLong = !LineNote.safeParse(notes).success;
  if (isTooLong) cuts.push({ sku, because: "note_too_long" });
  const note = isTooLong ? own?.note : notes;
  return { line: note ? { sku, quantity: kept, note } : { sku, quantity: kept }, cuts };
}
