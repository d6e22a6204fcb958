import { vi } from "vitest";
import type { Answer } from "../../durable-objects/checkout/answers.ts";
import type { CheckoutDeps } from "../../durable-objects/checkout/checkout.deps.ts";
import { CheckoutStore } from "../../durable-objects/checkout/checkout.store.ts";
import type { Checkout } from "../../durable-objects/checkout/checkout.ts";
import * as allocation from "../../durable-objects/inventory/allocation.ts";
import * as changes from "../../durable-objects/inventory/changes.ts";
import * as inventory from "../../durable-objects/inventory/inventory.ts";
import * as movements from "../../durable-objects/inventory/movements.ts";
import { Journal } from "../../durable-objects/saga/journal.ts";
import type { Run } from "../../durable-objects/saga/run.ts";
import type { Notice } from "../../payments/notice.ts";
import type { PaymentProvider } from "../../payments/provider.ts";
import type { Routing } from "../../payments/routing.ts";
import type { OrderEvent } from "../../schema/events.ts";
import { CheckoutId } from "../../schema/ids.ts";
import { assert } from "../../schema/outcome.ts";
import type { PaymentRequest, ProviderName } from "../../schema/payment.ts";
import { MUG, quoted } from "../faults/goods.ts";
import type { Shop } from "../faults/shop.ts";
import { MemorySqlite } from "../faults/sqlite.ts";
import { Warehouse } from "../faults/warehouse.ts";
import { ModelAdyen } from "./adyen.ts";
import type { Build, ModelEnv } from "./build.ts";
import { Clock, idle } from "./clock.ts";
import { Isolate } from "./isolate.ts";
import type { Entry } from "./ledger.ts";
import { Outside } from "./outside.ts";
import { ModelStripe } from "./stripe.ts";
import { Witness } from "./witness.ts";

export const checkoutId = CheckoutId.parse("chk_eu_0123456789abcdefghjkmnpqrs");
const shelfName = `eu:${demo}/eu/${MUG}/0`;
const IN_STOCK = 10;
export const PIECES = 2;
export const total = quoted.total;

/** How often the search may do what it need not do. */
export type Bounds = {
  /** What the shopper pays with, attempt by attempt, and who is asked in which order. */
  readonly attempts: readonly Attempt[];
  /** Calls that are lost or hang, crashes, notices that come twice or late: all of them together. */
  readonly troubles: number;
  /** How many of them may be crashes. */
  readonly crashes: number;
  /** Definite noes of providers and banks. */
  readonly noes: number;
  /** Calls of shopper and merchant beside the payments. */
  readonly cancels?: number;
  readonly refunds?: number;
  readonly orderCancels?: number;
};

export type Attempt = {
  readonly method: "card" | "ideal";
  readonly providers: readonly ProviderName[];
};

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
  readonly applied: number[] = [];
  told: Notice | undefined;
  left: Required<Omit<Bounds, "attempts">> & { attempts: readonly Attempt[] };
  isolate: Isolate;
  readonly #build: Build;
  readonly #sqlite = new MemorySqlite();
  readonly #store = new CheckoutStore(this.#sqlite.sql);
  readonly #journal = new Journal(this.#sqlite.sql, this.#store.tables);
  readonly #warehouse = new Warehouse({
    inventory: { ...inventory, ...allocation, ...changes, ...movements },
  } as ConstructorParameters<typeof Warehouse>[0]);
  readonly #adyenProvider: PaymentProvider;
  #paying: Attempt | undefined;
  /** What the platform keeps of the object's alarm. */
  alarmMs: number | undefined;
  #alarm: ReturnType<Clock["at"]> | undefined;
  #ringing: Promise<void> | undefined;

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
    this.left = { cancels: 0, refunds: 0, orderCancels: 0, ...bounds };
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
    const lines = [{ sku: MUG, quantity: PIECES }];
    const customer = { email: "ada@example.com" };
    const body = { lines, currency: "EUR" as const, country: "NL" as const, customer };
    this.ask("create", ({ object }) =>
      object.create({ ...callOf("create"), checkoutId, body, origin } as Parameters<
        typeof object.create
      >[0]),
    );
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
    const n = this.asked.filter(({ name }) => name.startsWith("pay")).length + 1;
    this.ask(`pay ${n}`, ({ object }) =>
      object.pay({ ...callOf(`pay ${n}`), body: { payment, expectedTotal: total }, origin }),
    );
  }

  /** Kills the isolate. The alarm and what is under way outside outlive it. */
  crash(): void {
    this.isolate.isAlive = false;
    this.clock.forget();
    this.outside.deafen();
    this.witness.crashed();
    this.#ringing = undefined;
    this.#alarm = undefined;
    this.isolate = this.#born();
    if (this.alarmMs !== undefined) this.#arm(Math.max(this.alarmMs, this.clock.nowMs));
    for (const asked of this.asked) if (!asked.answer) this.#send(asked);
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
      setAlarm: (atMs) => this.#arm(atMs),
    });
  }

  #arm(atMs: number): void {
    this.clock.cancel(this.#alarm);
    this.alarmMs = atMs;
    this.#alarm = this.clock.at(atMs, () => void this.#ring());
  }

  /** Alarms do not overlap: one that is due while another runs comes after it. */
  async #ring(): Promise<void> {
    this.#alarm = undefined;
    while (this.#ringing) await this.#ringing;
    const { isolate } = this;
    const ringing = isolate.object.alarm();
    // Until it is through the platform would ring it again.
    this.#ringing = ringing.finally(() => {
      if (this.isolate !== isolate) return;
      this.#ringing = undefined;
      if (!this.#alarm) this.alarmMs = undefined;
    });
    await this.#ringing;
  }

  #env(isAlive: () => boolean): ModelEnv {
    const deps: Partial<CheckoutDeps> = {
      payments: {
        stripe: this.witness.watch(this.stripe, "stripe", isAlive),
        adyen: this.witness.watch(this.#adyenProvider, "adyen", isAlive),
      },
      routing: this.#routing(),
      quote: async () => quotedNow(this.clock.nowMs),
      carts: {
        goodsOf: async (_shop, { lines, promotionCodes }) => ({
          lines: lines ?? [],
          promotionCodes,
        }),
        claim: async () => ({ ok: true }),
        consume: async () => ({ ok: true }),
      },
    };
    const env: object = {
      ...{ RESIDENCY: "simulated", CLOCK_OFFSET_MS: "0", ID_KEY: "id-key", ADYEN_HMAC_KEY: "" },
      ...{ STRIPE_API_BASE: "http://nowhere.invalid", STRIPE_SECRET_KEY: "sk_test_nothing" },
      EVENTS_EU: {
        sendBatch: async (batch: readonly { body: OrderEvent }[]) => this.#applies(batch, isAlive),
      },
      INVENTORY: this.#warehouse.binding,
      PROMOTION: {},
      MODEL: deps,
    };
    return env as ModelEnv;
  }

  /** The order store takes everything at once, and says so. */
  #applies(batch: readonly { readonly body: OrderEvent }[], isAlive: () => boolean): void {
    if (!isAlive()) return;
    const versions = batch.map(({ body }) => body.sequence);
    for (const version of versions) if (!this.applied.includes(version)) this.applied.push(version);
    queueMicrotask(() => isAlive() && this.isolate.object.applied(versions));
  }

  #routing(): Routing {
    return {
      book: async () => ({
        captureMode: "at_once",
        route: () => ({ providers: this.#paying?.providers ?? [], why: ["the model says so"] }),
      }),
    };
  }
}

const origin = "https://shop.invalid";

export function callOf(key: string) {
  const caller = { shopId: demo, isMerchant: true };
  return { caller, key, fingerprint: key };
}

function paymentOf({ method, providers }: Attempt): PaymentRequest {
  if (method === "ideal") return { method, returnUrl: `${origin}/thanks` };
  const adyen = {
    type: "scheme",
    encryptedCardNumber: "number",
    encryptedExpiryMonth: "month",
    encryptedExpiryYear: "year",
  } as const;
  const stripe = "pm_card_visa";
  return {
    method,
    tokens: {
      ...(providers.includes("stripe") ? { stripe } : {}),
      ...(providers.includes("adyen") ? { adyen } : {}),
    },
  };
}

function quotedNow(nowMs: number) {
  return { ...quoted, expiresAt: new Date(nowMs + 15 * 60_000).toISOString() };
}
