import { computed, effect, signal } from "@preact/signals";
import type { CartCut, CartView, MovedCart } from "../../../schema/cart.ts";
import { type Answer, call, newKey, type Problem } from "../browser/shop-api.ts";
import { keep, kept, onKeptElsewhere } from "../browser/storage.ts";
import { giveUpCheckout, sale } from "./current-sale.ts";
import { type Market, marketOf } from "./markets.ts";
import { chooseCountry, market } from "./shop-window.ts";

/** The cart; undefined until something was put into it. */
export const cart = signal<CartView | undefined>(undefined);
export const cartProblem = signal<Problem | undefined>(undefined);
/** What did not come along when the cart was merged or moved. */
export const cartCuts = signal<readonly CartCut[]>([]);
export const isCartOpen = signal(false);
export const isCartBusy = signal(false);

export const pieces = computed(() =>
  (cart.value?.lines ?? []).reduce((sum, { quantity }) => sum + quantity, 0),
);

export function quantityOf(sku: string): number {
  return cart.value?.lines.find((line) => line.sku === sku)?.quantity ?? 0;
}

export function cartId(): string | undefined {
  return kept("shop.cart");
}

/** Sets how many pieces are wanted; makes the cart with the first one. */
export async function setQuantity(sku: string, quantity: number): Promise<void> {
  isCartBusy.value = true;
  cartProblem.value = undefined;
  const answer = await changed(sku, quantity);
  isCartBusy.value = false;
  if (answer.ok) show(answer.body);
  else cartProblem.value = answer.problem;
}

async function changed(sku: string, quantity: number): Promise<Answer<CartView>> {
  const own = cartId() ? undefined : await made(market.peek());
  if (own && !own.ok) return own;
  const path = () => `/carts/${cartId()}/lines/${encodeURIComponent(sku)}`;
  const answer = await throughClaim<CartView>(path, { method: "PUT", body: { quantity } });
  if (answer.ok || !isOver(answer.problem)) return answer;
  forgetCart();
  return changed(sku, quantity);
}

type Change = { readonly method: "PUT" | "PATCH"; readonly body: object };

/** A change of the cart, wherever it is now; a checkout that has it is given up for it. */
async function throughClaim<T>(path: () => string, change: Change): Promise<Answer<T>> {
  const answer = await call<T>(path(), change);
  if (answer.ok) return answer;
  const { code, cartId: movedTo } = answer.problem;
  if (code === "cart_moved" && typeof movedTo === "string") {
    keep("shop.cart", movedTo);
    return throughClaim(path, change);
  }
  // The shopper went back from the checkout to change their mind.
  const isFree = code === "cart_claimed" && (await giveUpCheckout());
  return isFree ? call<T>(path(), change) : answer;
}

/** A cart that was bought or merged, or that nobody used for a month. */
function isOver({ code }: Problem): boolean {
  return ["cart_consumed", "cart_merged", "not_found"].includes(code);
}

async function made({ country, currency }: Market): Promise<Answer<CartView>> {
  const body = { country, currency };
  const answer = await call<CartView>("/carts", { method: "POST", key: newKey(), body });
  if (answer.ok) {
    keep("shop.cart", answer.body.cartId);
    await giveToCustomer(answer.body.cartId);
  }
  return answer;
}

/** The cart is the customer's from now on, with what they had in theirs. */
export async function giveToCustomer(guest: string): Promise<void> {
  const { customerToken } = kept("shop.customer") ?? {};
  if (!customerToken) return;
  const path = `/carts/${guest}/customer`;
  const answer = await call<MovedCart>(path, { method: "PUT", customerToken, body: {} });
  if (answer.ok) showMoved(answer.body);
  else if (!isOver(answer.problem)) cartProblem.value = answer.problem;
}

/** The cart goes where the shopper is: priced anew, and perhaps under another id. */
export async function moveCart({ country, currency }: Market): Promise<void> {
  const here = cart.peek();
  if (!here || (here.country === country && here.currency === currency)) return;
  cartProblem.value = undefined;
  const change = { method: "PATCH", body: { country, currency } } as const;
  const answer = await throughClaim<MovedCart>(() => `/carts/${cartId()}`, change);
  if (answer.ok) showMoved(answer.body);
  else if (isOver(answer.problem)) forgetCart();
  else cartProblem.value = answer.problem;
}

/** After it was bought: the next piece begins a new cart. */
export function forgetCart(): void {
  keep("shop.cart", undefined);
  cart.value = undefined;
  cartCuts.value = [];
}

/** Reads the cart anew: another tab may have changed, moved or bought it. */
export async function refreshCart(): Promise<void> {
  const sought = cartId();
  if (!sought) return forgetCart();
  const answer = await call<CartView>(`/carts/${sought}`);
  if (sought !== cartId()) return;
  const movedTo = answer.ok ? undefined : answer.problem.cartId;
  if (typeof movedTo === "string") {
    keep("shop.cart", movedTo);
    return refreshCart();
  }
  if (answer.ok && answer.body.orderId === undefined) cart.value = answer.body;
  else if (answer.ok || isOver(answer.problem)) forgetCart();
}

function showMoved({ cuts, ...moved }: MovedCart): void {
  cartCuts.value = cuts;
  show(moved);
}

export function show(changed: CartView): void {
  cart.value = changed;
  keep("shop.cart", changed.cartId);
  // The other tabs hear of the change by it.
  new BroadcastChannel("cart").postMessage(changed.version);
}

/** The shop's window goes where the cart is: another device may have taken it along. */
export function followCart(): void {
  const { country } = cart.peek() ?? {};
  if (country !== undefined && marketOf(country).country === country) chooseCountry(country);
}

void refreshCart().then(followCart);
let shownCountry = market.peek().country;
effect(() => {
  const chosen = market.value;
  // Only a choice takes the cart along; a page that opens does not pull it from another device.
  if (chosen.country !== shownCountry) void moveCart(chosen);
  shownCountry = chosen.country;
});
/** Bought, or given back by a checkout that ended. */
const saleStatus = computed(() => sale.value?.status);
effect(() => {
  if (saleStatus.value) void refreshCart();
});
onKeptElsewhere("shop.cart", () => void refreshCart());
new BroadcastChannel("cart").addEventListener("message", () => void refreshCart());
