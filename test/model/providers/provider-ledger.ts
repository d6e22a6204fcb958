import { readReference } from "../../../payments/payment-reference.ts";
import { assert } from "../../../schema/outcome.ts";
import type { PaymentMethod, ProviderName } from "../../../schema/payment.ts";

/** A payment as its provider keeps it, whatever anybody was told. Amounts in minor units. */
export type Entry = {
  readonly provider: ProviderName;
  /** Our name for it, and the provider's. */
  readonly ours: string;
  readonly reference: string;
  readonly method: PaymentMethod;
  readonly amountMinor: number;
  /** The shopper has given the bank its word. A card at Adyen is charged once we send in the proof. */
  isProven?: true;
  /** `awaiting`: its shopper; `held`: authorized, and taken as far as `capturedMinor` says. */
  state: "awaiting" | "held" | "voided" | "closed";
  capturedMinor: number;
  refundedMinor: number;
  /** Of it by the provider's names; what a cancel gave back has none. */
  readonly refunds: { readonly reference: string; readonly amountMinor: number }[];
  /** Its call came later than can be reckoned with: money that is settled by itself, but later. */
  isLate?: true;
};

type Names = "provider" | "ours" | "reference" | "method" | "amountMinor";

/** All payments at all providers: the truth that invariants are checked against. */
export class Ledger {
  readonly entries: Entry[] = [];

  /** Writes a payment that is authorized, or waits for its shopper. */
  open(payment: Pick<Entry, Names>, { isAwaited }: { readonly isAwaited: boolean }): Entry {
    const state = isAwaited ? ("awaiting" as const) : ("held" as const);
    const entry = { ...payment, state, capturedMinor: 0, refundedMinor: 0, refunds: [] };
    this.entries.push(entry);
    return entry;
  }

  find(provider: ProviderName, name: string | undefined): Entry | undefined {
    return this.entries.find(
      (each) => each.provider === provider && (each.reference === name || each.ours === name),
    );
  }
}

export function netMinor({ capturedMinor, refundedMinor }: Entry): number {
  return capturedMinor - refundedMinor;
}

/** Whether the shopper's money is held or taken. */
export function stands(entry: Entry): boolean {
  return (entry.state === "held" && entry.capturedMinor === 0) || netMinor(entry) > 0;
}

/** Lets go of what is held and gives back what was taken. */
export function giveBack(entry: Entry): "voided" | "refunded" {
  if (entry.capturedMinor > 0) {
    entry.refundedMinor = entry.capturedMinor;
    return "refunded";
  }
  entry.state = entry.state === "awaiting" ? "closed" : "voided";
  return "voided";
}

/** The shopper has done their part: a card is held by it, what has one phase is paid. */
export function payUp(entry: Entry): void {
  entry.state = "held";
  if (entry.method !== "card") entry.capturedMinor = entry.amountMinor;
}

/** Which attempt of the sale a reference of ours is of. */
export function attemptOf(ours: string): number {
  const read = readReference(ours);
  assert(read, `${ours} is a reference of ours`);
  return read.attempt;
}
