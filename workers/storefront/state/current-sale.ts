import { computed, effect, signal } from "@preact/signals";
import type { CheckoutView, PatchCheckout } from "../../../schema/checkout.ts";
import type { NextAction, PaymentRequest } from "../../../schema/payment.ts";
import { place } from "../browser/place.ts";
import { follow } from "../browser/sale-stream.ts";
import { type Answer, call, newKey, type Problem } from "../browser/shop-api.ts";
import { keep, kept } from "../browser/storage.ts";

/** The checkout on the page, as the stream last told it. */
export const sale = signal<CheckoutView | undefined>(undefined);
export const saleProblem = signal<Problem | undefined>(undefined);
/** Why the last change of the quote was refused; the quote is as it was. */
export const changeProblem = signal<Problem | undefined>(undefined);
/** What the shopper set off and what has not been answered yet. */
export const waitingFor = signal<"quote" | "payment" | "cancel" | "change" | undefined>(undefined);

export const saleId = computed(() => place.value.checkoutId);

const SECRETS_MAX = 5;

export function secretOf(checkoutId: string): string | undefined {
  return kept("shop.sales")?.[checkoutId];
}

/** From a filled-in form to a quote and held stock. The same form again is the same checkout. */
export async function openCheckout(body: object, key: string): Promise<Answer<CheckoutView>> {
  waitingFor.value = "quote";
  saleProblem.value = undefined;
  const answer = await call<CheckoutView>("/checkouts", { method: "POST", key, body });
  waitingFor.value = undefined;
  if (answer.ok) remember(answer.body);
  else saleProblem.value = answer.problem;
  return answer;
}

function remember({ checkoutId, clientSecret }: CheckoutView): void {
  if (!clientSecret) return;
  const others = Object.entries(kept("shop.sales") ?? {}).filter(([id]) => id !== checkoutId);
  const latest = [...others, [checkoutId, clientSecret] as const].slice(-SECRETS_MAX);
  keep("shop.sales", Object.fromEntries(latest));
  keep("shop.checkout", checkoutId);
}

/** Pays what the shopper sees. A click is one intent: one key, however often it must be sent. */
export async function pay(payment: Omit<PaymentRequest, "returnUrl">): Promise<void> {
  const { checkoutId, quote } = sale.peek() ?? {};
  if (!checkoutId || !quote || waitingFor.peek()) return;
  waitingFor.value = "payment";
  saleProblem.value = undefined;
  const answer = await call<CheckoutView>(`/checkouts/${checkoutId}/pay`, {
    method: "POST",
    key: newKey(),
    secret: secretOf(checkoutId),
    body: {
      payment: { ...payment, returnUrl: `${location.origin}/checkout` },
      expectedTotal: quote.total,
    },
  });
  waitingFor.value = undefined;
  if (!answer.ok) saleProblem.value = answer.problem;
  else goToTheBank(answer.body.payment?.nextAction);
}

/** Codes and links to apps are shown here; only the bank's own page takes this one's place. */
function goToTheBank(nextAction: NextAction | undefined): void {
  if (nextAction?.type === "redirect" && nextAction.url) location.assign(nextAction.url);
}

/** Changes what is quoted: codes or delivery. Answers whether the shopper got their way. */
export async function changeCheckout(patch: PatchCheckout): Promise<boolean> {
  const { checkoutId } = sale.peek() ?? {};
  if (!checkoutId || waitingFor.peek()) return false;
  waitingFor.value = "change";
  changeProblem.value = undefined;
  saleProblem.value = undefined;
  const answer = await call<CheckoutView>(`/checkouts/${checkoutId}`, {
    method: "PATCH",
    key: newKey(),
    secret: secretOf(checkoutId),
    body: patch,
  });
  if (answer.ok && sale.peek()?.checkoutId === checkoutId) {
    sale.value = { ...sale.peek(), ...answer.body };
  }
  waitingFor.value = undefined;
  if (!answer.ok) changeProblem.value = answer.problem;
  return answer.ok;
}

/** Calls the open checkout off, so that the cart is free again. True when it is. */
export async function giveUpCheckout(): Promise<boolean> {
  const checkoutId = kept("shop.checkout");
  if (!checkoutId) return false;
  waitingFor.value = "cancel";
  const answer = await call<CheckoutView>(`/checkouts/${checkoutId}/cancel`, {
    method: "POST",
    key: newKey(),
    secret: secretOf(checkoutId),
  });
  waitingFor.value = undefined;
  const isOver = answer.ok ? answer.body.status === "cancelled" : isEnded(answer.problem);
  if (isOver) keep("shop.checkout", undefined);
  return isOver;
}

function isEnded({ code, checkoutStatus }: Problem): boolean {
  return code === "checkout_expired" || checkoutStatus === "cancelled";
}

/** The checkout to go on with; one that has ended is nothing to come back to. */
export function unfinishedCheckout(): string | undefined {
  const checkoutId = kept("shop.checkout");
  return checkoutId && secretOf(checkoutId) ? checkoutId : undefined;
}

export function forgetCheckout(): void {
  keep("shop.checkout", undefined);
}

effect(() => {
  const { checkoutId, status } = sale.value ?? {};
  const isOver = status && ["placed", "captured", "cancelled", "expired"].includes(status);
  if (isOver && checkoutId === kept("shop.checkout")) keep("shop.checkout", undefined);
});

let watching: AbortController | undefined;

/** Whatever page opens a checkout: it is watched from then on, and only it. */
effect(() => {
  const checkoutId = saleId.value;
  watching?.abort();
  sale.value = undefined;
  saleProblem.value = undefined;
  changeProblem.value = undefined;
  const secret = checkoutId && secretOf(checkoutId);
  if (!secret) return;
  watching = new AbortController();
  const path = `/checkouts/${checkoutId}/stream`;
  void follow(
    path,
    secret,
    (seen) => {
      sale.value = seen;
    },
    watching.signal,
  );
});
