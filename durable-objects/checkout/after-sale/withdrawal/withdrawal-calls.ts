import { refuse } from "../../../../schema/refusals.ts";
import type { AskWithdrawal, ReturnOrder } from "../../../../schema/withdrawal.ts";
import type { Answer, Reply } from "../../sale/answers.ts";
import type { SaleCall, SaleDoor } from "../../sale/calls.ts";
import type { Checkout } from "../../sale/checkout.ts";
import type { Withdrawal, WithdrawalTerms } from "../../sale/withdrawal.ts";
import { checkoutView } from "../../view/checkout-view.ts";
import { orderReply } from "../../view/replies.ts";
import { whyNotReturn, whyNotWithdraw, withdrawable } from "./why-not-withdraw.ts";
import { withdrawalView } from "./withdrawal-texts.ts";
import { withAsked, withConfirmed, withdrawalOf, withReturn } from "./withdrawals.ts";

/** What is asked of an order's withdrawals: by its shopper, by a guest who proves the e-mail, by the merchant. */
export type WithdrawalCall =
  | (SaleCall & { readonly act: "ask"; readonly body: AskWithdrawal })
  | (SaleCall & { readonly act: "confirm"; readonly n: number })
  | (SaleCall & { readonly act: "guest"; readonly body: AskWithdrawal })
  | (SaleCall & { readonly act: "return"; readonly body: ReturnOrder });

type Call<Act> = Extract<WithdrawalCall, { act: Act }>;
type Moment = { readonly terms: WithdrawalTerms; readonly nowMs: number };

export function withdrawalCall(
  door: SaleDoor,
  call: WithdrawalCall,
  moment: Moment,
): Promise<Answer> {
  if (call.act === "ask") return ask(door, call, moment);
  if (call.act === "confirm") return confirm(door, call, moment);
  return call.act === "guest" ? askAndConfirm(door, call, moment) : tellReturn(door, call, moment);
}

/** The first step: what would be withdrawn from. */
function ask(door: SaleDoor, call: Call<"ask">, moment: Moment): Promise<Answer> {
  const wanted = (checkout: Checkout) => call.body.lines ?? withdrawable(checkout);
  const rule = (checkout: Checkout) => whyNotWithdraw(checkout, wanted(checkout), moment);
  return door.enter("withdraw", call, rule, (before) => {
    const { checkout, withdrawal } = withAsked(before, wanted(before), moment.nowMs);
    const reply = replyWith(201, { checkout, withdrawal, terms: moment.terms });
    return door.change("withdraw", call, { checkout, reply });
  });
}

/** The second step. What is confirmed already is answered as it is. */
function confirm(door: SaleDoor, call: Call<"confirm">, moment: Moment): Promise<Answer> {
  const rule = (checkout: Checkout) => {
    const asked = withdrawalOf(checkout, call.n);
    if (!asked) return refuse("withdrawal_not_open");
    return asked.confirmedAtMs ? undefined : whyNotWithdraw(checkout, asked.lines, moment);
  };
  return door.enter("confirm_withdrawal", call, rule, (before) => {
    const asked = withdrawalOf(before, call.n);
    if (!asked) return door.keep("confirm_withdrawal", call, refuse("withdrawal_not_open"));
    if (!asked.confirmedAtMs) return confirmed(door, call, { ...moment, before, asked });
    const reply = replyWith(200, { checkout: before, withdrawal: asked, terms: moment.terms });
    return door.keep("confirm_withdrawal", call, reply);
  });
}

/**
 * Both steps of a guest at once: the first was answered without asking the sale. The edge tells them
 * nothing of what comes of it; the acknowledgement goes to the e-mail that bought the order.
 */
function askAndConfirm(door: SaleDoor, call: Call<"guest">, moment: Moment): Promise<Answer> {
  const wanted = (checkout: Checkout) => call.body.lines ?? withdrawable(checkout);
  const rule = (checkout: Checkout) => whyNotWithdraw(checkout, wanted(checkout), moment);
  return door.enter("confirm_withdrawal", call, rule, (checkout) => {
    const asked = withAsked(checkout, wanted(checkout), moment.nowMs);
    const { checkout: before, withdrawal } = asked;
    return confirmed(door, call, { ...moment, before, asked: withdrawal });
  });
}

type Confirming = Moment & { readonly before: Checkout; readonly asked: Withdrawal };

function confirmed(door: SaleDoor, call: SaleCall, { before, asked, terms, nowMs }: Confirming) {
  const { timeZone } = terms;
  const { checkout, withdrawal, run } = withConfirmed(before, asked, { nowMs, timeZone });
  const reply = replyWith(200, { checkout, withdrawal, terms });
  const told = "tender.order.withdrawn.v1" as const;
  return door.change("confirm_withdrawal", call, { checkout, reply, told, run });
}

/** The merchant tells what became of withdrawn pieces; a refund that is due goes out behind the answer. */
function tellReturn(door: SaleDoor, call: Call<"return">, { nowMs }: Moment): Promise<Answer> {
  const { lines } = call.body;
  const rule = (checkout: Checkout) => whyNotReturn(checkout, lines, nowMs);
  return door.enter("return", call, rule, (before) => {
    const checkout = withReturn(before, lines, nowMs);
    const told = "tender.order.return_updated.v1" as const;
    return door.change("return", call, { checkout, reply: orderReply(checkout), told });
  });
}

type Replied = {
  readonly checkout: Checkout;
  readonly withdrawal: Withdrawal;
  readonly terms: WithdrawalTerms;
};

function replyWith(status: 200 | 201, { checkout, withdrawal, terms }: Replied): Reply {
  const view = withdrawalView(checkout, withdrawal, terms);
  return { status, body: { ...checkoutView(checkout), withdrawal: view } };
}
