import { computed, effect, signal } from "@preact/signals";
import type { CartView } from "../../../schema/cart.ts";
import { type Answer, call, newKey, type Problem } from "../browser/shop-api.ts";
import { keep, kept, onKeptElsewhere } from "../browser/storage.ts";
import { giveUpCheckout, sale } from "./current-sale.ts";
import type { Market } from "./markets.ts";
import { market } from "./shop-window.ts";

/** The cart of the present country; undefined until something was put into it. */
export const cart = signal<CartView | undefined>(undefined);
export const cartProblem = signal<Problem | undefined>(undefined);
export const isCartOpen = signal(false);
export const isCartBusy = signal(false);

export const pieces = computed(() =>
  (cart.value?.lines ?? []).reduce((sum, { quantity }) => sum + quantity, 0),
);

export function quantityOf(sku: string): number {
  return cart.value?.lines.find((line) => line.sku === sku)?.quantity ?? 0;
}

/** Sets how many pieces are wanted; makes the cart with the first one. */
export async function setQuantity(sku: string, quantity: number): Promise<void> {
  isCartBusy.value = true;
  cartProblem.value = undefined;
  const answer = await changed(market.peek(), sku, quantity);
  isCartBusy.value = false;
  if (answer.ok) show(answer.body);
  else cartProblem.value = answer.problem;
}

async function changed(where: Market, sku: string, quantity: number): Promise<Answer<CartView>> {
  const own = cartIdOf(where) ? undefined : await made(where);
  if (own && !own.ok) return own;
  const path = `/carts/${cartIdOf(where)}/lines/${encodeURIComponent(sku)}`;
  const answer = await call<CartView>(path, { method: "PUT", body: { quantity } });
  if (answer.ok) return answer;
  // The shopper went back from the checkout to change their mind.
  if (answer.problem.code === "cart_claimed" && (await giveUpCheckout())) {
    return call<CartView>(path, { method: "PUT", body: { quantity } });
  }
  if (!isGone(answer.problem)) return answer;
  forgetCart(where);
  return changed(where, sku, quantity);
}

/** A cart that was bought, or that nobody used for a month. */
function isGone({ code }: Problem): boolean {
  return code === "cart_consumed" || code === "not_found";
}

async function made(where: Market): Promise<Answer<CartView>> {
  const { country, currency } = where;
  const answer = await call<CartView>("/carts", {
    method: "POST",
    key: newKey(),
    body: { country, currency },
  });
  if (answer.ok) keep("shop.carts", { ...kept("shop.carts"), [country]: answer.body.cartId });
  return answer;
}

export function cartIdOf({ country }: Market): string | undefined {
  return kept("shop.carts")?.[country];
}

/** After it was bought: the next piece begins a new cart. */
export function forgetCart({ country }: Market): void {
  const { [country]: _gone, ...others } = kept("shop.carts") ?? {};
  keep("shop.carts", others);
  if (market.peek().country === country) cart.value = undefined;
}

/** Reads the cart anew: another tab may have changed or bought it. */
export async function refreshCart(where: Market = market.peek()): Promise<void> {
  const cartId = cartIdOf(where);
  const answer = cartId ? await call<CartView>(`/carts/${cartId}`) : undefined;
  if (where.country !== market.peek().country) return;
  if (answer?.ok && answer.body.orderId === undefined) cart.value = answer.body;
  else if (!answer || answer.ok || isGone(answer.problem)) forgetCart(where);
}

function show(changed: CartView): void {
  cart.value = changed;
  // Written even when it is the same: the other tabs hear of the change by it.
  keep("shop.carts", { ...kept("shop.carts"), [changed.country]: changed.cartId });
  new BroadcastChannel("cart").postMessage(changed.version);
}

effect(() => {
  void refreshCart(market.value);
});
/** Bought, or given back by a checkout that ended. */
const saleStatus = computed(() => sale.value?.status);
effect(() => {
  if (saleStatus.value) void refreshCart();
});
onKeptElsewhere("shop.carts", () => void refreshCart());
new BroadcastChannel("cart").addEventListener("message", () => void refreshCart());
