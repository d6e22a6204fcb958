import { DurableObject } from "cloudflare:workers";
import { CheckoutId, ShopId } from "../../schema/ids.ts";
import { AlarmClock } from "../alarm-clock.ts";
import { nowMs } from "../clock.ts";
import { checkoutStub } from "../placement.ts";
import { PromotionStore, type UseRow } from "./promotion.store.ts";
import {
  type Exhausted,
  handOver,
  isUsedUp,
  type ReturnRequest,
  resolveUse,
  returnOrderedUse,
  returnUse,
  type Standing,
  type TakeRequest,
  take,
  type UseRequest,
} from "./promotion.ts";

const DUE_BATCH = 50;

type Accepted = { readonly ok: true };

/**
 * Counts the uses of one promotion over all regions: its limits hold because nobody else counts.
 * A use is taken with a checkout's hold and given back on its release, or when its order is cancelled. A checkout that could do
 * neither is asked how it stands (decision 12), so that no use is lost and none is freed under a living sale.
 */
export class PromotionObject extends DurableObject<Env> {
  readonly #store = new PromotionStore(this.ctx.storage.sql);
  readonly #alarm = new AlarmClock(this.ctx.storage, this.env);

  take(request: TakeRequest): Accepted | Exhausted {
    return this.#write((now) => take(this.#store, request, now));
  }

  handOver(request: TakeRequest): Accepted {
    return this.#write(() => handOver(this.#store, request));
  }

  returnUse(request: ReturnRequest): Accepted {
    return this.#write((now) => returnUse(this.#store, request, now));
  }

  returnOrderedUse(request: ReturnRequest): Accepted {
    return this.#write((now) => returnOrderedUse(this.#store, request, now));
  }

  isUsedUp(request: UseRequest): boolean {
    // Tables of an earlier version lack what is asked for.
    if (!this.#store.tables.isEmpty()) this.#store.tables.ensureSchema();
    return isUsedUp(this.#store, request);
  }

  /** Uses that are taken or used up. */
  taken(): number {
    return this.#store.taken();
  }

  override async alarm(): Promise<void> {
    this.#alarm.rang();
    if (this.#store.tables.isEmpty()) return;
    const due = this.#store.due(this.#nowMs(), DUE_BATCH);
    const standings = await Promise.all(due.map((use) => this.#standingOf(use)));
    this.#write((now) => {
      for (const [at, use] of due.entries()) resolveUse(this.#store, use, standings[at], now);
    });
  }

  async #standingOf({ shop_id, checkout_id, state }: UseRow): Promise<Standing> {
    if (state !== "taken") return undefined;
    try {
      const shopId = ShopId.parse(shop_id);
      const stub = checkoutStub(this.env, shopId, CheckoutId.parse(checkout_id));
      return (await stub.claimant()).is;
    } catch (problem) {
      // It is asked again later; meanwhile the use stays taken.
      console.warn({
        event: "promotion.ask_failed",
        checkoutId: checkout_id,
        problem: String(problem),
      });
      return undefined;
    }
  }

  #write<R>(work: (now: number) => R): R {
    const transaction = () => {
      this.#store.tables.ensureSchema();
      const answer = work(this.#nowMs());
      this.#alarm.setFor(this.#store.earliestDueMs());
      return answer;
    };
    const { storage } = this.ctx;
    return this.#store.within(() => this.#alarm.within(() => storage.transactionSync(transaction)));
  }

  #nowMs(): number {
    return nowMs(this.env);
  }
}
