import { checkoutCan } from "../../../schema/states.ts";
import { FREE } from "../../faults/shop/goods.ts";
import { actByHand, actsByHand } from "../providers/by-hand.ts";
import { attemptOf, type Entry } from "../providers/provider-ledger.ts";
import { callOf, total } from "../sales/merchant-calls.ts";
import type { World } from "./model-world.ts";

/** Something that can happen next, by a name that is the same in every replay. */
export type Move = {
  readonly name: string;
  readonly make: () => void | Promise<void>;
  /** It need not happen for all to go well. */
  readonly isOptional?: true;
};

const AT_THE_BANK_MS = 30_000; // nobody is back sooner

/** What shopper and merchant may do now. */
export function people(world: World): readonly Move[] {
  const { checkout, left } = world;
  const moves: Move[] = [];
  const { status } = checkout;
  const canPay = checkoutCan.pay(status) || status === "awaiting_shopper";
  const [next] = left.attempts;
  const isFree = checkout.quote.total.amountMinor === 0;
  const isFit = next && isFree === (next.method === "none");
  if (isFit && canPay) moves.push({ name: "pays", make: () => world.pay() });
  const hasUsed = world.asked.some(({ name }) => name === "code");
  if (next?.method === "none" && !hasUsed && checkoutCan.patch(status)) {
    const body = { promotionCodes: [FREE] };
    const make = () => world.ask("code", ({ object }) => object.patch({ ...callOf("code"), body }));
    moves.push({ name: "uses a code", make });
  }
  for (const entry of world.awaiting) {
    if (!entry.isProven && !isUnanswered(world, entry)) moves.push(...atTheBank(world, entry));
  }
  if (left.cancels > 0 && checkoutCan.cancel(status)) moves.push(calls(world, "cancel"));
  const isMovable = checkoutCan.moveMoney(status) && !checkout.cancelBecause;
  if (left.orderCancels > 0 && isMovable) moves.push(calls(world, "cancelOrder"));
  const canRefund = isMovable && (checkout.order?.captured.amountMinor ?? 0) > 0;
  if (left.refunds > 0 && canRefund) moves.push(calls(world, "refund"));
  if (left.byHand > 0) moves.push(...byHand(world));
  return moves;
}

/** The merchant acts on the order's payment in its provider's own dashboard. */
function byHand(world: World): readonly Move[] {
  const { secured } = world.checkout.paidBy ?? {};
  const entry = secured && world.outside.ledger.find(secured.provider, secured.reference);
  if (!entry) return [];
  return actsByHand(entry).map((act) => ({
    name: `${act} of ${entry.reference} by hand`,
    make: () => {
      spend(world, "byHand");
      actByHand(world.outside, entry, act);
    },
  }));
}

/** Nobody has been shown its page yet. */
function isUnanswered({ outside }: World, { provider, ours }: Entry): boolean {
  const name = `${provider}: authorize ${attemptOf(ours)}`;
  return outside.calls.some((call) => call.name === name);
}

/** Whoever confirms a card at Adyen is sent back to us with the proof of it. */
function atTheBank(world: World, entry: Entry): readonly Move[] {
  const { reference, provider, method, ours } = entry;
  const bank = provider === "adyen" ? world.adyen : world.stripe;
  const confirms = async () => {
    await world.clock.pass(AT_THE_BANK_MS);
    bank.shopperPays(entry);
    if (entry.isProven) world.comesBack(attemptOf(ours), reference);
  };
  const fails = () => {
    spend(world, "noes");
    world.stripe.shopperFails(entry);
  };
  const mayFail = provider === "stripe" && method === "card" && world.left.noes > 0;
  return [
    { name: `confirms ${reference} at the bank`, make: confirms },
    ...(mayFail ? [{ name: `fails ${reference} at the bank`, make: fails }] : []),
  ];
}

function calls(world: World, act: "cancel" | "cancelOrder" | "refund"): Move {
  const make = () => {
    spend(world, act === "cancel" ? "cancels" : act === "refund" ? "refunds" : "orderCancels");
    const key = `${act} ${world.left.refunds}`;
    const amount = { ...total, amountMinor: 3_000 };
    world.ask(key, ({ object }) =>
      act === "refund"
        ? object.refund({ ...callOf(key), body: { amount } })
        : object[act](callOf(key)),
    );
  };
  return { name: `${act} is asked for`, make };
}

type Countable = Exclude<keyof World["left"], "attempts">;

/** One less of it may happen from now on. */
export function spend(world: World, what: Countable): void {
  world.left = { ...world.left, [what]: world.left[what] - 1 };
}
