import { createMessageBatch } from "cloudflare:test";
import type { OrderStore } from "../../../orders/order-store.ts";
import type { OrderEvent } from "../../../schema/events.ts";

const BATCH = 50; // as wrangler.toml has it
/** Whom a mail goes to, where only the sale's object would know. */
const BUYER = { email: "ada@example.com", name: "Ada Lovelace" };

/**
 * What the objects of many sales do: keep each event until they hear that it is stored, and know
 * their buyer. A hundred thousand messages are of more sales than there may be open objects here,
 * where none is ever put to sleep.
 */
export class Outboxes {
  readonly #pending = new Map<string, Map<number, OrderEvent>>();

  constructor(events: readonly OrderEvent[]) {
    for (const event of events) {
      const ofSale = this.#pending.get(event.data.checkoutId) ?? new Map();
      this.#pending.set(event.data.checkoutId, ofSale.set(event.sequence, event));
    }
  }

  unapplied(): readonly OrderEvent[] {
    return [...this.#pending.values()].flatMap((ofSale) => [...ofSale.values()]);
  }

  /** In place of the objects' namespace. */
  namespace() {
    return { getByName: (name: string) => this.#object(name.split("/").at(-1) ?? "") };
  }

  #object(checkoutId: string) {
    const ofSale = this.#pending.get(checkoutId);
    return {
      applied: async (versions: readonly number[]) => {
        for (const version of versions) ofSale?.delete(version);
      },
      snapshot: async () => ofSale && { unapplied: [...ofSale.values()] },
      addressee: async () => ofSale && BUYER,
      acknowledgement: async () => undefined,
    };
  }
}

/** What a queue does in a round: to all that is sent, or to each by chance. */
export type Trouble = "drops all" | "delays all" | "mixed" | "none";

type Faults = { dropped: number; doubled: number; delayed: number; storeFailed: number };

/** A queue that drops, doubles and delays, and shuffles what is left. */
export class FaultyQueue {
  readonly faults: Faults = { dropped: 0, doubled: 0, delayed: 0, storeFailed: 0 };
  readonly #name: string;
  readonly #chance: () => number;
  readonly #late: OrderEvent[] = [];
  #ids = 0;

  constructor(name: string, chance: () => number) {
    this.#name = name;
    this.#chance = chance;
  }

  /** What of it arrives now, batch by batch. */
  *deliver(sent: readonly OrderEvent[], trouble: Trouble) {
    const late = this.#late.splice(0);
    const arriving = [...late, ...sent.flatMap((event) => this.#fateOf(event, trouble))];
    const order = arriving.map((event) => ({ event, at: this.#chance() }));
    const shuffled = order.toSorted((a, b) => a.at - b.at).map(({ event }) => event);
    for (let from = 0; from < shuffled.length; from += BATCH) {
      yield createMessageBatch(
        this.#name,
        shuffled.slice(from, from + BATCH).map((body) => {
          return { id: `m${++this.#ids}`, timestamp: new Date(), attempts: 1, body };
        }),
      );
    }
  }

  late(event: OrderEvent): void {
    this.#late.push(event);
  }

  #fateOf(event: OrderEvent, trouble: Trouble): readonly OrderEvent[] {
    if (trouble === "none") return [event];
    const fate = this.#chance();
    if (trouble === "drops all" || (trouble === "mixed" && fate < 0.3)) {
      return this.#count("dropped", []);
    }
    if (trouble === "mixed" && fate < 0.5) return this.#count("doubled", [event, event]);
    if (trouble === "mixed" && fate > 0.7) return [event];
    this.#late.push(event);
    return this.#count("delayed", []);
  }

  #count(fault: keyof Faults, events: readonly OrderEvent[]): readonly OrderEvent[] {
    this.faults[fault] += 1;
    return events;
  }
}

/** A store that fails one call in eight: half of them after it has written everything. */
export function failing(store: OrderStore, chance: () => number, faults: Faults): OrderStore {
  const apply: OrderStore["apply"] = async (...args) => {
    const fate = chance();
    if (fate < 1 / 8) faults.storeFailed += 1;
    if (fate < 1 / 16) throw new Error("the store is away");
    await store.apply(...args);
    if (fate < 1 / 8) throw new Error("the answer was lost");
  };
  return new Proxy(store, {
    get: (target, name) => {
      if (name === "apply") return apply;
      const value = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
