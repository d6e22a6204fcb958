import { signal } from "@preact/signals";
import type { CartView } from "../../../schema/cart.ts";
import { call, tokenFor } from "../browser/shop-api.ts";
import { keep, kept } from "../browser/storage.ts";
import { cartId, followCart, forgetCart, giveToCustomer, moveCart, show } from "./current-cart.ts";
import { market } from "./shop-window.ts";

/** Who has logged in; undefined for a guest. */
export const customerId = signal(kept("shop.customer")?.customerId);

/** Answers whether the shop knows the account. The guest's cart becomes the account's, in the present country. */
export async function logIn(account: string): Promise<boolean> {
  const customerToken = await tokenFor(account);
  if (!customerToken) return false;
  keep("shop.customer", { customerId: account, customerToken });
  customerId.value = account;
  await bringCart();
  return true;
}

/** The cart stays the account's; this browser knows nothing of it any more. */
export function logOut(): void {
  keep("shop.customer", undefined);
  customerId.value = undefined;
  forgetCart();
}

/** Puts what is here into the account's cart, or finds the one that another device filled. */
async function bringCart(): Promise<void> {
  const guest = cartId();
  if (!guest) return findCart();
  await giveToCustomer(guest);
  await moveCart(market.peek());
}

async function findCart(): Promise<void> {
  const { customerToken } = kept("shop.customer") ?? {};
  const answer = await call<{ carts: CartView[] }>("/carts", { customerToken });
  // A day is over: who wants to go on as a customer logs in again.
  if (!answer.ok && answer.problem.code === "customer_unknown") return logOut();
  const found = answer.ok ? answer.body.carts[0] : undefined;
  if (!found) return;
  show(found);
  followCart();
}

if (customerId.peek() !== undefined && !cartId()) void bringCart();
