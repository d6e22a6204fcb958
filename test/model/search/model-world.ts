import { vi } from "vitest";
import type { Answer } from "../../../durable-objects/checkout/sale/answers.ts";
import { CheckoutStore } from "../../../durable-objects/checkout/sale/checkout.store.ts";
import type { Checkout } from "../../../durable-objects/checkout/sale/checkout.ts";
import { inventoryActs } from "../../../durable-objects/inventory/testing/acts.ts";
import { Journal } from "../../../durable-objects/saga/journal.ts";
import type { Run } from "../../../durable-objects/saga/run.ts";
import type { PaymentProvider } from "../../../payments/provider.ts";
import type { Notice } from "../../../payments/webhook-notice.ts";
import { assert } from "../../../schema/outcome.ts";
import { MUG } from "../../faults/shop/goods.ts";
import { demo } from "../../faults/shop/shop.ts";
import { MemorySqlite } from "../../faults/shop/sqlite.ts";
import { Warehouse } from "../../faults/shop/warehouse.ts";
import { Alarm } from "../platform/alarm.ts";
import type { Build, ModelEnv } from "../platform/build.ts";
import { Isolate } from "../platform/isolate.ts";
import { Clock, idle } from "../platform/model-clock.ts";
import { envOf } from "../platform/surroundings.ts";
import { ModelAdyen } from "../providers/model-adyen.ts";
import { ModelStripe } from "../providers/model-stripe.ts";
import { Witness } from "../providers/money-witness.ts";
import { Outside } from "../providers/outside.ts";
import type { Entry } from "../providers/provider-ledger.ts";
import type { Attempt, Bounds } from "../sales/bounds.ts";
import { callOf, createCall, origin, paymentOf, total } from "../sales/merchant-calls.ts";

const shelfName = `eu:${demo}/eu/${MUG}/0`;
const IN_STOCK = 10;

/** A call of shopper or merchant that is to be answered. */
export type Asked = {
  readonly name: string;
  readonly call: (isolate: Isolate) => Promise<Answer>;
  answer?: Answer["reply"] | undefined;
};

/** One sale and everything around it, moved by nobody but the search. */
export class World {
  readonly clock = new Clock();
  readonly outside = new Outside(this.clock);
  readonly witness = new Witness(this.outside.ledger, total.amountMinor);
  readonly stripe = new ModelStripe(this.outside);
  readonly adyen = new ModelAdyen(this.outside);
  readonly asked: Asked[] = [];
  /** What nobody was there to hear: bugs are among it. */
  readonly problems: string[] = [];
  /** The order's versions that the order store has. */
  applied: readonly number[] = [];
  told: Notice | undefined;
  left: Required<Omit<Bounds, "attempts">> & { attempts: readonly Attempt[] };
  isolate: Isolate;
  readonly #build: Build;
  readonly #sqlite = new MemorySqlite();
  readonly #store = new CheckoutStore(this.#sqlite.sql);
  readonly #journal = new Journal(this.#sqlite.sql, this.#store.tables);
  readonly #warehouse = new Warehouse({
    inventory: inventoryActs,
  } as ConstructorParameters<typeof Warehouse>[0]);
  readonly #adyenProvider: PaymentProvider;
  #paying: Attempt | undefined;
  readonly #alarm = new Alarm(this.clock, () => this.isolate.object.alarm());

  constructor(build: Build, bounds: Bounds) {
    this.clock.install();
    vi.stubGlobal("fetch", (url: string, init: { body: string; headers: object }) =>
      this.adyen.fetch(url, init).catch((problem) => {
        if (String(problem).includes("Bug:")) this.problems.push(String(problem));
        throw problem;
      }),
    );
    vi.spyOn(console, "error").mockImplementation((line: object) => {
      const said = JSON.stringify(line);
      if (said.includes("Bug:")) this.problems.push(said);
    });
    this.left = { cancels: 0, refunds: 0, orderCancels: 0, byHand: 0, ...bounds };
    this.#build = build;
    this.#adyenProvider = new build.AdyenProvider({
      ...{ apiBase: "http://adyen.invalid", apiKey: "nothing", merchantAccount: "TestMerchant" },
      ...{ hmacKeys: [], severalCaptures: false },
    });
    this.isolate = this.#born();
  }

  /** A shop with stock, and a checkout that is open. */
  async open(): Promise<void> {
    this.#warehouse.shelf(shelfName).receive(IN_STOCK);
    this.ask("create", ({ object }) => object.create(createCall));
    await idle();
    assert(this.checkout.status === "open", "the checkout is open");
  }

  get checkout(): Checkout {
    const checkout = this.#store.read();
    assert(checkout, "there is a checkout");
    return checkout;
  }

  get runs(): readonly Run[] {
    return this.#journal.readAll();
  }

  get stock() {
    return this.#warehouse.shelf(shelfName).store.levels();
  }

  get alarmMs(): number | undefined {
    return this.#alarm.setForMs;
  }

  get awaiting(): readonly Entry[] {
    return this.outside.ledger.entries.filter(({ state }) => state === "awaiting");
  }

  rows(query: string): readonly Record<string, SqlStorageValue>[] {
    return this.#sqlite.sql.exec(query).toArray();
  }

  /** Calls the object; who is cut off by a crash asks again. */
  ask(name: string, call: Asked["call"]): void {
    const asked: Asked = { name, call };
    this.asked.push(asked);
    this.#send(asked);
  }

  /** The shopper tries to pay, as the bounds have it. */
  pay(): void {
    const [attempt, ...left] = this.left.attempts;
    assert(attempt, "there is another way to pay");
    this.left = { ...this.left, attempts: left };
    this.#paying = attempt;
    const payment = paymentOf(attempt);
    const expectedTotal = this.checkout.quote.total;
    const n = this.asked.filter(({ name }) => name.startsWith("pay")).length + 1;
    this.ask(`pay ${n}`, ({ object }) =>
      object.pay({ ...callOf(`pay ${n}`), body: { payment, expectedTotal }, origin }),
    );
  }

  /** Kills the isolate. The alarm and what is under way outside outlive it. */
  crash(): void {
    this.isolate.isAlive = false;
    this.clock.forget();
    this.outside.deafen();
    this.witness.crashed();
    this.isolate = this.#born();
    this.#alarm.crashed();
    for (const asked of this.asked) if (!asked.answer) this.#send(asked);
  }

  /** The shopper's browser is back from their bank. */
  comesBack(attempt: number, redirectResult: string): void {
    void this.isolate.object.shopperReturned(attempt, { redirectResult });
  }

  receive(notice: Notice): void {
    this.told = notice;
    this.isolate.object.receive(notice);
  }

  #send(asked: Asked): void {
    const { isolate } = this;
    asked.call(isolate).then(
      ({ reply }) => {
        if (isolate.isAlive) asked.answer = reply;
      },
      (problem) => isolate.isAlive && this.problems.push(`${asked.name}: ${problem}`),
    );
  }

  #born(): Isolate {
    return new Isolate({
      build: this.#build,
      sqlite: this.#sqlite,
      env: (isAlive) => this.#env(isAlive),
      setAlarm: (atMs) => this.#alarm.setFor(atMs),
    });
  }

  #env(isAlive: () => boolean): ModelEnv {
    return envOf({
      nowMs: () => this.clock.nowMs,
      inventory: this.#warehouse.binding,
      payments: {
        stripe: this.witness.watch(this.stripe, "stripe", isAlive),
        adyen: this.witness.watch(this.#adyenProvider, "adyen", isAlive),
      },
      providers: () => this.#paying?.providers ?? [],
      stores: (versions) => {
        if (!isAlive()) return;
        this.applied = [...new Set([...this.applied, ...versions])];
        queueMicrotask(() => isAlive() && this.isolate.object.applied(versions));
      },
    });
  }
}
