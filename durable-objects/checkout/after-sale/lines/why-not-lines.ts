import type { Line } from "../../../../schema/checkout.ts";
import { greater, leftOf, lesser, type Money, plus, sum, zero } from "../../../../schema/money.ts";
import type { RefundLine } from "../../../../schema/order.ts";
import type { Refusal } from "../../../../schema/outcome.ts";
import { refuse } from "../../../../schema/refusals.ts";
import type { Checkout } from "../../sale/checkout.ts";
import { merged } from "../../sale/lines.ts";
import { type LineAccount, lineAccounts } from "./line-accounts.ts";
import { worthOf } from "./line-worth.ts";
import type { Wanted } from "./wanted-lines.ts";

type NotLeft = Refusal<"lines_not_left">;
/** Of one line, as the refusal tells it. */
type Left = { readonly quantity: number; readonly amount: Money } & Readonly<
  Record<string, number | Money>
>;

/** Why these pieces cannot be captured by name. `left` is what may be captured of the order. */
export function whyNotCaptureLines(
  checkout: Checkout,
  { lines, amount }: Wanted,
  left: Money,
): NotLeft | undefined {
  const accounts = lineAccounts(checkout, "promised");
  const fits = (account: LineAccount, quantity: number) =>
    quantity <= account.ordered - account.letGo - account.captured;
  if (areLeft(accounts, lines, fits) && isWithin(amount, left)) return undefined;
  return notLeft(accounts, (each) => {
    const to = each.ordered - each.letGo;
    const worth = worthOf(each, { from: each.captured, to });
    return { quantity: to - each.captured, amount: lesser(worth, left) };
  });
}

/**
 * Why these pieces cannot be refunded by name: they were already, were not paid, or are not where the
 * call says that they come from. `left` is what may be refunded of the order.
 */
export function whyNotRefundLines(
  checkout: Checkout,
  { lines = [], amount, shipping }: Wanted<RefundLine>,
  left: Money,
): NotLeft | undefined {
  const accounts = refundAccounts(checkout);
  const free = freeMoney(checkout, accounts);
  const back = (way: readonly RefundLine["then"][], sku: Line["sku"]) =>
    lines.reduce((all, line) => {
      const isMeant = line.sku === sku && way.includes(line.then);
      return isMeant ? all + line.quantity : all;
    }, 0);
  const fits = (account: RefundAccount, quantity: number) =>
    quantity <= account.ordered - account.letGo - account.refunded &&
    back(["cancel"], account.sku) <= unsentOf(account) &&
    back(["restock", "write_off"], account.sku) <= atShopper(account);
  const untaken = accounts.map((account) => {
    const { captured, refunded } = account;
    const to = Math.max(captured, refunded + quantityOf(lines, account.sku));
    return worthOf(account, { from: Math.max(captured, refunded), to });
  });
  const carried = moreShipping(checkout, shipping ?? zero(left.currency));
  const isTaken = sum([...untaken, carried], left.currency).amountMinor <= free.amountMinor;
  if (areLeft(accounts, lines, fits) && isTaken && isWithin(amount, left)) return undefined;
  return notLeft(accounts, (each) => {
    const { captured, refunded } = each;
    const to = each.ordered - each.letGo;
    const named = worthOf(each, { from: refunded, to: Math.max(captured, refunded) });
    const worth = worthOf(each, { from: refunded, to });
    const within = lesser(lesser(worth, left), plus(free, named));
    const places = { unsent: unsentOf(each), sent: atShopper(each) };
    return { quantity: to - refunded, amount: within, ...places };
  });
}

/** Why these pieces cannot be cancelled: they are sent, or their money is taken. */
export function whyNotCancelLines(
  checkout: Checkout,
  { lines, amount }: Wanted,
  left: Money,
): NotLeft | undefined {
  const accounts = lineAccounts(checkout, "promised");
  const most = (each: LineAccount) =>
    Math.min(unsentOf(each), each.ordered - each.letGo - each.captured);
  const fits = (account: LineAccount, quantity: number) => quantity <= most(account);
  if (areLeft(accounts, lines, fits) && amount.amountMinor <= left.amountMinor) return undefined;
  return notLeft(accounts, (each) => {
    const to = each.ordered - each.letGo;
    const worth = worthOf(each, { from: to - most(each), to });
    return { quantity: most(each), amount: lesser(worth, left) };
  });
}

/** As promised; but only what was taken goes back, and only what has left comes back. */
type RefundAccount = LineAccount & { readonly left: number };

function refundAccounts(checkout: Checkout): readonly RefundAccount[] {
  const done = lineAccounts(checkout, "done");
  return lineAccounts(checkout, "promised").map((account, at) => {
    return { ...account, captured: done[at]?.captured ?? 0, left: done[at]?.sent ?? 0 };
  });
}

/** What of this shipping was not taken by name. */
function moreShipping(checkout: Checkout, wanted: Money): Money {
  const { taken, back } = namedShipping(checkout);
  return leftOf(plus(back, wanted), greater(back, taken));
}

/** Shipping that was taken, or is to go back, with lines by name. */
function namedShipping({ captures = [], refunds = [], quote }: Checkout) {
  const { currency } = quote.total;
  const done = captures.filter(({ status }) => status === "captured");
  const promised = refunds.filter(({ status }) => status !== "refused");
  return {
    taken: sum(
      done.flatMap(({ shipping }) => shipping ?? []),
      currency,
    ),
    back: sum(
      promised.flatMap(({ shipping }) => shipping ?? []),
      currency,
    ),
  };
}

/** Money that was taken for nothing by name: it may go back for any line. */
function freeMoney(checkout: Checkout, accounts: readonly RefundAccount[]): Money {
  const taken = checkout.order?.captured ?? zero(checkout.quote.total.currency);
  const named = accounts.map((account) =>
    worthOf(account, { from: 0, to: Math.max(account.captured, account.refunded) }),
  );
  const carried = namedShipping(checkout);
  const shipping = greater(carried.back, carried.taken);
  return leftOf(taken, sum([...named, shipping], taken.currency));
}

function unsentOf({ ordered, sent, cancelled }: LineAccount): number {
  return ordered - sent - cancelled;
}

function atShopper({ left, returned }: RefundAccount): number {
  return left - returned;
}

function areLeft<Account extends LineAccount>(
  accounts: readonly Account[],
  lines: readonly Line[] = [],
  fits: (account: Account, quantity: number) => boolean,
): boolean {
  return merged(lines).every(({ sku, quantity }) => {
    const account = accounts.find((each) => each.sku === sku);
    return account !== undefined && fits(account, quantity);
  });
}

function quantityOf(lines: readonly Line[], sku: Line["sku"]): number {
  return lines.reduce((all, line) => (line.sku === sku ? all + line.quantity : all), 0);
}

function isWithin(amount: Money, left: Money): boolean {
  return amount.amountMinor > 0 && amount.amountMinor <= left.amountMinor;
}

function notLeft<Account extends LineAccount>(
  accounts: readonly Account[],
  leftOfLine: (account: Account) => Left,
): NotLeft {
  const left = accounts.map((each) => [each.sku, leftOfLine(each)] as const);
  return refuse("lines_not_left", {
    left: Object.fromEntries(left.filter(([, { quantity }]) => quantity > 0)),
  });
}
