import * as example from "../examples/sale-examples.ts";
import * as withdrawal from "../examples/withdrawal-examples.ts";
import type { CallNotes } from "./call-notes.ts";

export const withdrawalCalls: Readonly<Record<string, CallNotes>> = {
  "POST /v1/orders/{orderId}/withdrawals": {
    body: withdrawal.askWithdrawal,
    answers: { 201: withdrawal.asked },
    refuses: ["withdrawal_period_over", "withdrawal_not_open", "lines_not_left"],
  },
  "POST /v1/orders/{orderId}/withdrawals/{withdrawal}/confirm": {
    answers: { 200: withdrawal.confirmed },
    refuses: ["withdrawal_period_over", "withdrawal_not_open", "lines_not_left"],
  },
  "POST /v1/orders/{orderId}/returns": {
    body: withdrawal.returnOrder,
    answers: { 200: example.refunded },
    refuses: ["lines_not_left", "order_not_refundable", "order_disputed", "refund_window_over"],
  },
  "POST /v1/withdrawals": {
    body: withdrawal.guestWithdrawal,
    answers: { 202: withdrawal.guestAsked },
  },
};
