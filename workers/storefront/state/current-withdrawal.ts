import { signal } from "@preact/signals";
import type { CheckoutView } from "../../../schema/checkout.ts";
import type { WithdrawalView } from "../../../schema/withdrawal.ts";
import { call, newKey, type Problem } from "../browser/shop-api.ts";
import { secretOf } from "./current-sale.ts";

/** The withdrawal from the order on the page: asked for, or declared. */
export const withdrawal = signal<WithdrawalView | undefined>(undefined);
export const withdrawalProblem = signal<Problem | undefined>(undefined);
export const isWithdrawing = signal(false);

/** What has been said about this very order. */
export function withdrawalFrom({ orderId }: CheckoutView): WithdrawalView | undefined {
  return withdrawal.value?.orderId === orderId ? withdrawal.value : undefined;
}

/** First step: what would be withdrawn from. */
export function askToWithdraw(sale: CheckoutView): Promise<void> {
  return send(sale, "");
}

/** Second step: it is declared. */
export function confirmWithdrawal(sale: CheckoutView): Promise<void> {
  return send(sale, `/${withdrawal.peek()?.withdrawal}/confirm`);
}

export function keepTheOrder(): void {
  withdrawal.value = undefined;
}

async function send({ checkoutId, orderId }: CheckoutView, step: string): Promise<void> {
  if (isWithdrawing.peek()) return;
  isWithdrawing.value = true;
  withdrawalProblem.value = undefined;
  const answer = await call<WithdrawalView>(`/orders/${orderId}/withdrawals${step}`, {
    ...{ method: "POST", key: newKey(), secret: secretOf(checkoutId), body: step ? undefined : {} },
  });
  isWithdrawing.value = false;
  if (answer.ok) withdrawal.value = answer.body;
  else withdrawalProblem.value = answer.problem;
}
