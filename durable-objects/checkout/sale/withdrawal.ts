import type { Line } from "../../../schema/checkout.ts";
import type { ReturnLine, WithdrawalDays } from "../../../schema/withdrawal.ts";

/** A shopper's wish to withdraw from the contract: asked for, then confirmed. */
export type Withdrawal = {
  readonly n: number;
  readonly lines: readonly Line[];
  readonly askedAtMs: number;
  readonly confirmedAtMs?: number;
  /** Of its pieces, those that were not sent: they were cancelled with it. */
  readonly stopped?: readonly Line[];
  /** The text that its shopper got, with date and time. */
  readonly acknowledgement?: string;
};

/** What became of withdrawn pieces, in the order in which the merchant told it. */
export type GoodsReturn = {
  readonly n: number;
  readonly atMs: number;
  readonly lines: readonly ReturnLine[];
};

/** What a shop has decided about withdrawals, and whose clock they go by. */
export type WithdrawalTerms = { readonly days: WithdrawalDays; readonly timeZone: string };
