import { sameMoney } from "../../../schema/money.ts";
import type { Answer } from "../sale/answers.ts";
import type { CaptureCall, FulfilCall, RefundCall, SaleCall, SaleDoor } from "../sale/calls.ts";
import type { Checkout } from "../sale/checkout.ts";
import { merged } from "../sale/lines.ts";
import { capturable, withQueuedCapture } from "./captures.ts";
import { fulfilRun } from "./fulfil.saga.ts";
import { unsent } from "./fulfilment.ts";
import { amountOf } from "./order-lines.ts";
import { refundable, withQueuedRefund } from "./refunds.ts";
import { whyNotCancelOrder, whyNotCapture, whyNotFulfil, whyNotRefund } from "./why-not.ts";

/** What merchants and operators may do with an order. Each call queues behind the ones before. */

/** Takes authorized money. */
export function captureOrder(door: SaleDoor, call: CaptureCall): Promise<Answer> {
  const wanted = (checkout: Checkout) => amountOf(checkout, call.body) ?? capturable(checkout);
  const rule = (checkout: Checkout) => whyNotCapture(checkout, wanted(checkout));
  return door.enter("capture", call, rule, (checkout) => {
    const amount = wanted(checkout);
    const isLast = call.body.final === true || sameMoney(amount, capturable(checkout));
    const capture = { amount, isLast, answerKey: call.key };
    return door.moneyCall("capture", call, withQueuedCapture(checkout, capture));
  });
}

/** Gives money back. */
export function refundOrder(door: SaleDoor, call: RefundCall, nowMs: number): Promise<Answer> {
  const wanted = (checkout: Checkout) => amountOf(checkout, call.body) ?? refundable(checkout);
  const rule = (checkout: Checkout) => whyNotRefund(checkout, wanted(checkout), nowMs);
  return door.enter("refund", call, rule, (checkout) =>
    door.moneyCall("refund", call, withQueuedRefund(checkout, wanted(checkout), call.key)),
  );
}

/** Hands pieces over to be carried to the shopper: some, or all that are left. */
export function fulfilOrder(door: SaleDoor, call: FulfilCall): Promise<Answer> {
  const wanted = (checkout: Checkout) => call.body.lines ?? unsent(checkout);
  const rule = (checkout: Checkout) => whyNotFulfil(checkout, wanted(checkout));
  return door.enter("fulfill", call, rule, (checkout) =>
    door.run("fulfill", call, fulfilRun(checkout, merged(wanted(checkout)), call.key), checkout),
  );
}

/** Cancels a placed order: all money back, stock back. */
export function cancelOrder(door: SaleDoor, call: SaleCall): Promise<Answer> {
  return door.enter("cancel_order", call, whyNotCancelOrder, (checkout) =>
    door.moneyCall("cancel_order", call, { ...checkout, cancelBecause: "requested" }),
  );
}
