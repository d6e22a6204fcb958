import { sameMoney } from "../../../schema/money.ts";
import type { Answer } from "../sale/answers.ts";
import type { CancelCall, CaptureCall, FulfilCall, RefundCall, SaleDoor } from "../sale/calls.ts";
import type { Checkout } from "../sale/checkout.ts";
import { merged } from "../sale/lines.ts";
import { cancelLinesRun } from "./cancel-lines.saga.ts";
import { capturable, withQueuedCapture } from "./captures.ts";
import { fulfilRun } from "./fulfil.saga.ts";
import { unsent } from "./lines/line-accounts.ts";
import { isWholeOrder, wantedCancel, wantedCapture, wantedRefund } from "./lines/wanted-lines.ts";
import { refundable, withQueuedRefund } from "./refunds.ts";
import {
  whyNotCancelOrder,
  whyNotCancelPieces,
  whyNotCapture,
  whyNotFulfil,
  whyNotRefund,
} from "./why-not.ts";

/** What merchants and operators may do with an order. Each call queues behind the ones before. */

/** Takes authorized money. */
export function captureOrder(door: SaleDoor, call: CaptureCall): Promise<Answer> {
  const wanted = (checkout: Checkout) => wantedCapture(checkout, call.body, capturable(checkout));
  const rule = (checkout: Checkout) => whyNotCapture(checkout, wanted(checkout));
  return door.enter("capture", call, rule, (checkout) => {
    const capture = wanted(checkout);
    const isLast = call.body.final === true || sameMoney(capture.amount, capturable(checkout));
    const queued = withQueuedCapture(checkout, { ...capture, isLast, answerKey: call.key });
    return door.moneyCall("capture", call, queued);
  });
}

/** Gives money back, and says what becomes of the pieces. */
export function refundOrder(door: SaleDoor, call: RefundCall, nowMs: number): Promise<Answer> {
  const wanted = (checkout: Checkout) => wantedRefund(checkout, call.body, refundable(checkout));
  const rule = (checkout: Checkout) => whyNotRefund(checkout, wanted(checkout), nowMs);
  return door.enter("refund", call, rule, (checkout) => {
    const { lines } = call.body;
    const isCancel = lines?.every(({ then }) => then === "cancel") && isWholeOrder(checkout, lines);
    // Nothing is sent, and nothing will be: no part of the money is anybody's but the shopper's.
    const queued =
      isCancel && !whyNotCancelOrder(checkout)
        ? { ...checkout, cancelBecause: "requested" as const, cancelsForRefund: call.key }
        : withQueuedRefund(checkout, wanted(checkout), call.key);
    return door.moneyCall("refund", call, queued);
  });
}

/** Hands pieces over to be carried to the shopper: some, or all that are left. */
export function fulfilOrder(door: SaleDoor, call: FulfilCall): Promise<Answer> {
  const wanted = (checkout: Checkout) => call.body.lines ?? unsent(checkout);
  const rule = (checkout: Checkout) => whyNotFulfil(checkout, wanted(checkout));
  return door.enter("fulfill", call, rule, (checkout) =>
    door.run("fulfill", call, fulfilRun(checkout, merged(wanted(checkout)), call.key), checkout),
  );
}

/** Cancels a placed order: all money back, stock back. With lines only these, while they are unpaid. */
export function cancelOrder(door: SaleDoor, call: CancelCall): Promise<Answer> {
  const { lines, shipping } = call.body ?? {};
  const partOf = (checkout: Checkout) =>
    lines && !isWholeOrder(checkout, lines)
      ? wantedCancel(checkout, { lines, shipping })
      : undefined;
  const rule = (checkout: Checkout) => {
    const part = partOf(checkout);
    return part ? whyNotCancelPieces(checkout, part) : whyNotCancelOrder(checkout);
  };
  return door.enter("cancel_order", call, rule, (checkout) => {
    const part = partOf(checkout);
    if (part) {
      const run = cancelLinesRun(checkout, part, call.key);
      return door.run("cancel_order", call, run, checkout);
    }
    return door.moneyCall("cancel_order", call, { ...checkout, cancelBecause: "requested" });
  });
}
