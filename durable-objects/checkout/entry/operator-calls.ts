import type { ShopId } from "../../../schema/ids.ts";
import type { Refusal } from "../../../schema/outcome.ts";
import { refuse } from "../../../schema/refusals.ts";
import type { Journal } from "../../saga/journal.ts";
import type { Runner } from "../../saga/runner.ts";
import { reopening } from "../opening/requote.input.ts";
import type { Checkout } from "../sale/checkout.ts";
import type { CheckoutTx } from "../sale/checkout.tx.ts";
import type { CheckoutDeps } from "../sale/ports.ts";
import { asResumed, resumable } from "./resumed-status.ts";
import type { SaleDoor } from "./sale-door.ts";

/** What an operator's call needs of the object that it belongs to. */
type Sale = {
  readonly door: SaleDoor;
  readonly journal: Pick<Journal, "readAll">;
  readonly runner: Runner<CheckoutDeps, CheckoutTx>;
  transact<R>(work: (tx: CheckoutTx) => R): R;
  /** For work that nobody waits for; its fault is reported. */
  behind(work: Promise<unknown>): void;
};

/** What an operator wishes of one sale. */
export class OperatorCalls {
  readonly #sale: Sale;

  constructor(sale: Sale) {
    this.#sale = sale;
  }

  /** What gave up tries again where it did. Answers the runs that go on. */
  resume(shopId: ShopId): readonly string[] | Refusal<"not_found" | "not_stuck"> {
    const { door, journal, runner, transact, behind } = this.#sale;
    const checkout = door.visibleTo({ shopId, isMerchant: true });
    if (!checkout) return refuse("not_found");
    const gaveUp = journal.readAll().filter(({ stuckAt }) => stuckAt !== undefined);
    const stuck = resumable(checkout, gaveUp);
    if (stuck.length === 0) return refuse("not_stuck", { checkoutStatus: checkout.status });
    transact((tx) => tx.save(asResumed(checkout, stuck)));
    for (const { runId } of stuck) behind(runner.resume(runId));
    return stuck.map(({ runId }) => runId);
  }

  /** An expired sale opens again when its stock allows. Answers what it is then. */
  async reopen(shopId: ShopId, nowMs: number): Promise<Checkout["status"] | Refusal<"not_found">> {
    const { door, runner } = this.#sale;
    const operator = { shopId, isMerchant: true };
    const checkout = door.visibleTo(operator);
    if (!checkout) return refuse("not_found");
    if (checkout.status !== "expired") return checkout.status;
    const { runId, input } = reopening(checkout, nowMs);
    if (runner.read(runId)) await runner.joined(runId);
    else await runner.start("requote", runId, input);
    return (door.visibleTo(operator) ?? checkout).status;
  }
}
