import type { Line } from "../../../../schema/checkout.ts";
import type { Sku } from "../../../../schema/ids.ts";
import type { RefundLine } from "../../../../schema/order.ts";
import type { Checkout } from "../../sale/checkout.ts";
import { type PaidLine, paidLines } from "./line-worth.ts";
import { stepMinorOf } from "./provider-step.ts";

/**
 * What became of a line's pieces. Money goes by their place in it: captures and refunds by name take
 * the first ones, what is cancelled unpaid the last ones, so that no piece is counted twice.
 */
export type LineAccount = PaidLine & {
  /** By captures that name them, and by parcels whose money is taken as they leave. */
  readonly captured: number;
  readonly refunded: number;
  /** Handed over. */
  readonly sent: number;
  /** Will not be sent. */
  readonly cancelled: number;
  /** Of those that are cancelled: never to be paid. */
  readonly letGo: number;
  /** Came back from the shopper. */
  readonly returned: number;
  /** Of those that came back: on the shelf again. */
  readonly restocked: number;
};

/** `promised` counts what was asked for and may still be done, too: no call may ask for it again. */
export type Counting = "done" | "promised";

export function lineAccounts(checkout: Checkout, counting: Counting): readonly LineAccount[] {
  const { quote, paidBy, cancellations = [] } = checkout;
  const paid = paidLines(quote, stepMinorOf(paidBy, quote.total.currency));
  const captures = counted(checkout.captures, counting, "captured");
  const parcels = counted(checkout.shipments, counting, "shipped");
  const refunds = counted(checkout.refunds, counting, "refunded");
  // Its money may have bounced; its pieces are where they went.
  const moved = (checkout.refunds ?? []).filter((each) => each.hasMoved || refunds.includes(each));
  const goods = linesOf(moved);
  const wentBy = (sku: Sku, ...ways: readonly RefundLine["then"][]) =>
    pieces(
      goods.filter(({ then }) => then !== undefined && ways.includes(then)),
      sku,
    );
  return paid.map((line) => {
    const letGo = pieces(linesOf(cancellations), line.sku);
    return {
      ...{ ...line, letGo },
      captured: pieces(linesOf(captures), line.sku),
      refunded: pieces(linesOf(refunds), line.sku),
      sent: pieces(linesOf(parcels), line.sku),
      cancelled: letGo + wentBy(line.sku, "cancel"),
      returned: wentBy(line.sku, "restock", "write_off"),
      restocked: wentBy(line.sku, "restock"),
    };
  });
}

/** Pieces of each line that are not handed over yet; what is on its way counts as handed over. */
export function unsent(checkout: Checkout): readonly Line[] {
  return leftOver(lineAccounts(checkout, "promised"));
}

/** Pieces of each line that are neither sent nor cancelled. */
export function leftOver(accounts: readonly LineAccount[]): readonly Line[] {
  return accounts
    .map(({ sku, ordered, sent, cancelled }) => ({ sku, quantity: ordered - sent - cancelled }))
    .filter(({ quantity }) => quantity > 0);
}

function counted<E extends { readonly status: string }>(
  all: readonly E[] | undefined = [],
  counting: Counting,
  done: E["status"],
): readonly E[] {
  return all.filter(({ status }) => (counting === "done" ? status === done : status !== "refused"));
}

function linesOf<L extends Line>(parts: readonly { readonly lines?: readonly L[] | undefined }[]) {
  return parts.flatMap(({ lines = [] }) => lines);
}

function pieces(lines: readonly Line[], sku: Sku): number {
  return lines.reduce((all, line) => (line.sku === sku ? all + line.quantity : all), 0);
}
