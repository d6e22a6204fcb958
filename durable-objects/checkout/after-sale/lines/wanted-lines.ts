import type { Line } from "../../../../schema/checkout.ts";
import { type Money, plus, sum } from "../../../../schema/money.ts";
import type { CaptureOrder, RefundLine, RefundOrder } from "../../../../schema/order.ts";
import type { PiecesBack } from "../../sale/cancellation.ts";
import type { Checkout } from "../../sale/checkout.ts";
import { merged } from "../../sale/lines.ts";
import { type LineAccount, leftOver, lineAccounts } from "./line-accounts.ts";
import { type Span, shippingOf, worthOf } from "./line-worth.ts";

/** What a call means: a sum, and where it names lines their pieces and the part that is shipping. */
export type Wanted<L extends Line = Line> = {
  readonly amount: Money;
  readonly lines?: readonly L[] | undefined;
  readonly shipping?: Money | undefined;
};

/** Without an amount or lines it means all that is `left`. */
export function wantedCapture(checkout: Checkout, body: CaptureOrder, left: Money): Wanted {
  if (!body.lines) return { amount: body.amount ?? left };
  const next = ({ captured }: LineAccount, quantity: number) => span(captured, quantity);
  return wanted(checkout, { ...body, lines: body.lines }, next);
}

/** Without an amount or lines it means all that is `left`. */
export function wantedRefund(
  checkout: Checkout,
  body: RefundOrder,
  left: Money,
): Wanted<RefundLine> {
  if (!body.lines) return { amount: body.amount ?? left };
  const next = ({ refunded }: LineAccount, quantity: number) => span(refunded, quantity);
  const { lines } = body;
  return { ...wanted(checkout, { ...body, lines }, next), lines: mergedByWay(lines) };
}

/** The last pieces of a line: the first ones may be taken already. */
export function wantedCancel(
  checkout: Checkout,
  body: Named,
): Wanted & { readonly lines: readonly Line[] } {
  const last = ({ ordered, letGo }: LineAccount, quantity: number) =>
    span(ordered - letGo - quantity, quantity);
  return { ...wanted(checkout, body, last), lines: merged(body.lines) };
}

/** Whether nothing of the order would be left to send, and nothing of it was sent. */
export function isWholeOrder(checkout: Checkout, lines: readonly Line[]): boolean {
  const accounts = lineAccounts(checkout, "promised");
  const asked = merged(lines);
  const left = leftOver(accounts);
  const isSame = ({ sku, quantity }: Line) =>
    asked.some((each) => each.sku === sku && each.quantity === quantity);
  const isNothingSent = accounts.every(({ sent }) => sent === 0);
  return isNothingSent && left.length > 0 && asked.length === left.length && left.every(isSame);
}

/** The pieces of a refund that go back on the shelf, and from where. */
export function piecesBack(lines: readonly RefundLine[] = []): readonly PiecesBack[] {
  return lines.flatMap(({ sku, quantity, then }): readonly PiecesBack[] => {
    if (then === "cancel") return [{ sku, quantity, of: "unsent" }];
    return then === "restock" ? [{ sku, quantity, of: "sent" }] : [];
  });
}

type Named = { readonly lines: readonly Line[]; readonly shipping?: boolean | undefined };

function wanted(
  checkout: Checkout,
  { lines, shipping }: Named,
  spanOf: (account: LineAccount, quantity: number) => Span,
): Wanted {
  const { currency } = checkout.quote.total;
  const accounts = lineAccounts(checkout, "promised");
  const asked = merged(lines);
  // A line that the order has not is refused before its worth counts.
  const spans = asked.flatMap(({ sku, quantity }) => {
    const account = accounts.find((each) => each.sku === sku);
    return account ? [{ account, span: spanOf(account, quantity) }] : [];
  });
  const goods = sum(
    spans.map((each) => worthOf(each.account, each.span)),
    currency,
  );
  if (!shipping) return { amount: goods, lines: asked };
  const carried = sum(
    spans.map((each) => shippingOf(each.account, each.span)),
    currency,
  );
  return { amount: plus(goods, carried), lines: asked, shipping: carried };
}

function span(from: number, quantity: number): Span {
  return { from, to: from + quantity };
}

function mergedByWay(lines: readonly RefundLine[]): readonly RefundLine[] {
  const ways = Map.groupBy(lines, ({ then }) => then);
  return [...ways].flatMap(([then, each]) =>
    merged(each).map((line) => ({ ...line, ...(then ? { then } : {}) })),
  );
}
