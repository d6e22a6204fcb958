import { checkoutDeps } from "../../../durable-objects/checkout/checkout.deps.ts";
import { promotionCalls } from "../../../durable-objects/checkout/opening/promotion-calls.ts";
import { Cards } from "../../../durable-objects/checkout/paying/cards.ts";
import { PaymentWatch } from "../../../durable-objects/checkout/provider-news/payment-watch.ts";
import type { Route } from "../../../durable-objects/checkout/sale/answers.store.ts";
import { CheckoutStore } from "../../../durable-objects/checkout/sale/checkout.store.ts";
import type { Checkout } from "../../../durable-objects/checkout/sale/checkout.ts";
import { CheckoutTx } from "../../../durable-objects/checkout/sale/checkout.tx.ts";
import type { Carts, CheckoutDeps } from "../../../durable-objects/checkout/sale/ports.ts";
import { Outbox } from "../../../durable-objects/outbox/outbox.ts";
import type { Journal } from "../../../durable-objects/saga/journal.ts";
import type { Run } from "../../../durable-objects/saga/run.ts";
import type { Runner } from "../../../durable-objects/saga/runner.ts";
import type { StageStorage } from "../../../durable-objects/saga/testing/stage.ts";
import { closedBreaker } from "../../../payments/health/circuit-breaker.ts";
import { chosenRoute, type Routing } from "../../../payments/routing/routing.ts";
import type { OrderEvent } from "../../../schema/events.ts";
import { ShopId, type Sku } from "../../../schema/ids.ts";
import { assert } from "../../../schema/outcome.ts";
import type { WebhookGivenUp } from "../../../schema/webhook-given-up.ts";
import { USUAL_WITHDRAWAL_DAYS } from "../../../schema/withdrawal.ts";
import type { Build } from "../matrix/scenario.ts";
import { Bank } from "./bank.ts";
import { Counters } from "./counters.ts";
import { MUG, quotedFor, SHIRT } from "./goods.ts";
import { MemorySqlite } from "./sqlite.ts";
import { Warehouse } from "./warehouse.ts";

/** Everybody is well, and the shop has no rules of its own. */
const routing: Routing = {
  book: async () => ({
    captureMode: "at_once",
    route: (request) =>
      chosenRoute(request, {
        rules: [],
        switchedOn: ["wero"],
        breakerOf: () => closedBreaker(0),
        nowMs: 0,
      }),
  }),
};

export const demo = ShopId.parse("demo");
const IN_STOCK = 10;
const DAY_MS = 24 * 3_600_000; // longer than any hold

/**
 * A checkout object's world without the object: its own store, transactions, outbox and journal,
 * real inventories; only the catalogue, the carts and the providers are stood in for.
 */
export class Shop {
  readonly #sqlite = new MemorySqlite();
  readonly #store = new CheckoutStore(this.#sqlite.sql);
  readonly #outbox = new Outbox(this.#sqlite.sql, this.#store.tables);
  readonly #journal: Journal;
  readonly #warehouse: Warehouse;
  readonly #counters = new Counters();
  readonly deps: CheckoutDeps;
  readonly stripe = new Bank("stripe");
  readonly adyen = new Bank("adyen");
  consumedBy: string | undefined;
  /** Expired checkouts that were told of, by the event's id: told twice it is one. */
  readonly expiredTold = new Set<string>();
  readonly givenUpTold: WebhookGivenUp[] = [];

  constructor(build: Build) {
    this.#journal = new build.Journal(this.#sqlite.sql, this.#store.tables);
    this.#warehouse = new Warehouse(build);
    const env: object = {
      RESIDENCY: "simulated",
      CLOCK_OFFSET_MS: "0",
      STRIPE_API_BASE: "http://nowhere.invalid",
      STRIPE_SECRET_KEY: "sk_test_nothing",
      ADYEN_API_BASE: "http://nowhere.invalid",
      ADYEN_API_KEY: "nothing",
      ADYEN_MERCHANT_ACCOUNT: "TestMerchant",
      ADYEN_HMAC_KEY: "00",
      ADYEN_LIVE_PREFIX: "",
      CARRIER_API_BASE: "",
      DUTIES_API_BASE: "",
      INVENTORY: this.#warehouse.binding,
      PROMOTION: this.#counters.binding,
    };
    const payments = { stripe: this.stripe, adyen: this.adyen };
    const own = { heard: () => [], cards: new Cards(), shopperBackAtMs: () => undefined };
    this.deps = {
      ...checkoutDeps(env as Env, own),
      ...{
        payments,
        routing,
        carts: this.#carts(),
        withdrawalTerms: async () => ({ days: USUAL_WITHDRAWAL_DAYS, timeZone: "UTC" }),
        promotions: promotionCalls(env as Env, { usesOfCancelledOrders: async () => "returned" }),
        tellExpired: async (expired) => {
          if (expired) this.expiredTold.add(expired.id);
        },
        tellGivenUp: async (givenUp) => {
          this.givenUpTold.push(givenUp);
        },
        quote: async (_buyer, { promotionCodes }) => quotedFor(promotionCodes),
      },
    };
  }

  get storage(): StageStorage<CheckoutTx> {
    return {
      journal: this.#journal,
      transact: (work) => this.transact(work),
      earliestDueMs: () =>
        this.#store.tables.isEmpty() ? undefined : this.#journal.earliestDueMs(),
    };
  }

  /** As the object has it. What it cannot do now is told to `report`. */
  watch(
    runner: Runner<CheckoutDeps, CheckoutTx>,
    report: (problem: unknown) => void,
  ): PaymentWatch {
    return new PaymentWatch({
      ...{ store: this.#store, journal: this.#journal, runner, deps: this.deps, report },
      current: () => this.checkout,
      transact: (work) => this.transact(work),
      nowMs: () => Date.now(),
      behind: (work) => void work.catch(report),
    });
  }

  /** Ids of the notices that still have to be looked into. */
  newNotices(): readonly string[] {
    return this.#store.newNotices().map(({ noticeId }) => noticeId);
  }

  /** As the object does it. */
  transact<R>(work: (tx: CheckoutTx) => R): R {
    const stores = { store: this.#store, outbox: this.#outbox };
    const tx = new CheckoutTx(stores, this.#store.read(), Date.now());
    try {
      return this.#sqlite.transact(() => {
        const value = work(tx);
        tx.flush();
        return value;
      });
    } catch (problem) {
      this.#store.forget();
      this.#outbox.forget();
      throw problem;
    }
  }

  get checkout(): Checkout {
    const checkout = this.#store.read();
    assert(checkout, "the checkout is open");
    return checkout;
  }

  get status(): Checkout["status"] | "nothing" {
    return this.#store.read()?.status ?? "nothing";
  }

  runs(): readonly Run[] {
    return this.#journal.readAll();
  }

  /**
   * Ten pieces of everything arrive; of shirts in another region, where those are a last resort.
   * Which region may lend to which is the edge's to say, and nothing to these calls.
   */
  stock({ borrows }: { readonly borrows?: true | undefined } = {}): void {
    const shelfIn = (region: string, sku: Sku) =>
      this.#warehouse.shelf(`${region}:${demo}/${region}/${sku}/0`);
    shelfIn("eu", MUG).receive(IN_STOCK);
    shelfIn(borrows ? "us" : "eu", SHIRT).receive(IN_STOCK);
    if (borrows) shelfIn("eu", SHIRT).agree({ last_resort: "us" });
  }

  /** Holds come to their own end, and every shelf's alarm rings. */
  lapse(): void {
    for (const shelf of this.#warehouse.shelves) shelf.tend(Date.now() + DAY_MS);
  }

  stockOf(state: "held" | "allocated" | "gone"): number {
    return this.#warehouse.shelves.reduce((sum, { store }) => sum + store.levels()[state], 0);
  }

  /** Limited promotions that have a use taken, by id. */
  promotionsTaken(): readonly string[] {
    return this.#counters.taken();
  }

  /** Types of the order's events, in their order. */
  events(): readonly string[] {
    return this.told().map(({ type, sequence }, index) =>
      sequence === index + 1 ? type : `${type} out of order`,
    );
  }

  /** The order's events, in their order. */
  told(): readonly OrderEvent[] {
    if (this.#store.tables.isEmpty()) return [];
    return this.#rows<{ envelope: string }>("SELECT envelope FROM outbox ORDER BY sequence").map(
      ({ envelope }) => JSON.parse(envelope),
    );
  }

  /** Calls that still wait for their answer. */
  unanswered(): readonly string[] {
    if (this.#store.tables.isEmpty()) return [];
    const query = "SELECT route FROM answers WHERE reply IS NULL";
    return this.#rows<{ route: string }>(query).map(({ route }) => route);
  }

  /** What a call is answered that comes again under its key. */
  answerTo(route: Route, key: string): unknown {
    return this.#store.answers.under(route, key)?.reply;
  }

  #rows<R extends Record<string, SqlStorageValue>>(query: string): readonly R[] {
    return this.#sqlite.sql.exec<R>(query).toArray();
  }

  #carts(): Carts {
    return {
      goodsOf: async (_shop, { lines, promotionCodes }) => ({ lines: lines ?? [], promotionCodes }),
      claim: async () => ({ ok: true }),
      consume: async ({ checkoutId }) => {
        this.consumedBy = checkoutId;
        return { ok: true };
      },
    };
  }
}
