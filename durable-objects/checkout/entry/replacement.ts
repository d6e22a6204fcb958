import type { Line } from "../../../schema/checkout.ts";
import type { CartId } from "../../../schema/ids.ts";
import { isRefusal, type Refusal } from "../../../schema/outcome.ts";
import { type RefusalCode, refuse } from "../../../schema/refusals.ts";
import { whyNotCancel } from "../ending/why-not-cancel.ts";
import { whyNotOpen } from "../opening/why-not-patch.ts";
import type { SaleCall } from "../sale/calls.ts";
import type { Checkout } from "../sale/checkout.ts";
import type { AnswerDesk } from "./answer-desk.ts";
import type { SaleDoor } from "./sale-door.ts";

/** What a checkout in another region sells in place of this one. No personal data: that stays. */
export type ReplacedGoods = {
  readonly lines: readonly Line[];
  readonly promotionCodes: readonly string[] | undefined;
  readonly cartId: CartId | undefined;
};

/** The goods of an open checkout; and again once it gave way, for who has to repeat the call. */
export async function replaceable(
  { door, desk }: { readonly door: SaleDoor; readonly desk: AnswerDesk },
  call: SaleCall,
  nowMs: number,
): Promise<ReplacedGoods | Refusal<RefusalCode>> {
  const checkout = door.visibleTo(call.caller);
  if (!checkout) return refuse("not_found");
  const gaveWay = await desk.under("cancel", call);
  const no = gaveWay ? gaveWay.reply : whyNotGiveWay(checkout, nowMs);
  if (no && isRefusal(no)) return no;
  const { request, cart } = checkout;
  const { lines, promotionCodes } = request;
  return { lines, promotionCodes, cartId: cart?.cartId };
}

/** A cancel, or a checkout's way out for one that takes its place. */
export type CallOff = SaleCall & { readonly givesWay?: true };

/** Why it cannot be called off; it gives way only while nobody is paying it. */
export function whyNotCallOff({ givesWay }: CallOff, nowMs: number) {
  return (checkout: Checkout) =>
    givesWay ? whyNotGiveWay(checkout, nowMs) : whyNotCancel(checkout);
}

function whyNotGiveWay(checkout: Checkout, nowMs: number): Refusal<RefusalCode> | undefined {
  const { status } = checkout;
  const no = whyNotOpen(checkout, nowMs);
  if (no || status === "open") return no;
  return refuse("checkout_not_open", { checkoutStatus: status });
}
