import type { CheckoutView } from "../../../schema/checkout.ts";
import type { Order } from "../../../schema/order.ts";
import type { Refusal } from "../../../schema/outcome.ts";
import type { RefusalCode } from "../../../schema/refusals.ts";
import type { WithdrawalView } from "../../../schema/withdrawal.ts";

/** What a call is answered: kept under its idempotency key, so that a repeat hears the same. */
export type Reply =
  | { readonly status: 200 | 201 | 202; readonly body: ReplyBody }
  | Refusal<RefusalCode>;

export type ReplyBody = CheckoutView & {
  readonly order?: Order;
  /** What a withdrawal is answered; the edge passes on this alone. */
  readonly withdrawal?: WithdrawalView;
};

/** A reply, and whether it is a repeat of an earlier one. */
export type Answer = { readonly reply: Reply; readonly replayed: boolean };
