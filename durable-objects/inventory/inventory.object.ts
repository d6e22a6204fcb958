import { DurableObject } from "cloudflare:workers";
import type { RegionCode } from "../../schema/regions.ts";
import type { MovementSums, StockLevels } from "../../schema/stock.ts";
import { AlarmClock } from "../alarm-clock.ts";
import { nowMs } from "../clock.ts";
import { shelfNamed, stockLedgerStub } from "../placement.ts";
import { allocate, unallocate } from "./allocation.ts";
import { noteBack, stockBack, tellBack } from "./back-in-stock.ts";
import { tend } from "./backstop.ts";
import { Demand } from "./demand.ts";
import type { Unfair } from "./fairness.ts";
import { hold } from "./hold.ts";
import { extend, resize } from "./hold-changes.ts";
import type { AllocationRequest, HoldRequest, ResizeRequest } from "./hold-requests.ts";
import type { HoldRow, Movement, Terms } from "./inventory.rows.ts";
import { InventoryStore } from "./inventory.store.ts";
import { type Held, type OutOfStock, release } from "./inventory.ts";
import type { HistoryPage, HistoryRow } from "./movement-queries.ts";
import {
  book,
  count,
  type MovementRefusal,
  type Return,
  restock,
  restockPieces,
  type Shipment,
  type ShipmentRefusal,
  ship,
  unship,
} from "./movements.ts";
import { arrive, type NotEnough, type Parcel, send, takeBack } from "./transfers.ts";

type Accepted = { readonly ok: true };
/** What the ledger, the auditor and operators read of a cell. */
export type Book = {
  readonly levels: StockLevels;
  readonly movements: MovementSums;
  readonly terms: Terms;
};

/** The only writer of one cell of a SKU's stock in a region. Every call is one transaction. */
export class InventoryObject extends DurableObject<Env> {
  readonly #store = new InventoryStore(this.ctx.storage.sql);
  readonly #alarm = new AlarmClock(this.ctx.storage, this.env);
  readonly #demand = new Demand();
  /** When to try again to tell that stock is back, epoch ms. */
  #tellAgainMs: number | undefined;

  hold(request: HoldRequest): Held | OutOfStock | Unfair {
    const answer = this.#write((now) => hold(this.#store, request, now));
    this.#watch();
    return answer;
  }

  resize(request: ResizeRequest): Held | OutOfStock | Unfair {
    return this.#write((now) => resize(this.#store, request, now));
  }

  extend(request: HoldRequest): Held | OutOfStock | Unfair {
    return this.#write((now) => extend(this.#store, request, now));
  }

  release(request: Pick<HoldRequest, "key" | "checkoutId" | "part">): Held {
    return this.#write((now) => release(this.#store, request, now));
  }

  allocate(request: AllocationRequest): Held | OutOfStock {
    return this.#write((now) => allocate(this.#store, request, now));
  }

  unallocate(request: AllocationRequest): Held {
    return this.#write((now) => unallocate(this.#store, request, now));
  }

  restock(request: { token: string; key: string }): Held {
    return this.#write((now) => restock(this.#store, request, now));
  }

  /** Some of the sold pieces go back on the shelf. */
  restockPieces(request: Return): Held {
    return this.#write((now) => restockPieces(this.#store, request, now));
  }

  /** Sold pieces leave the house. */
  ship(request: Shipment): Held | ShipmentRefusal {
    return this.#write((now) => ship(this.#store, request, now));
  }

  /** Undo of `ship`: the parcel's pieces are in the house again, for others of it could not leave. */
  unship(request: Pick<Shipment, "key" | "token">): Held {
    return this.#write((now) => unship(this.#store, request, now));
  }

  /** Pieces that arrived. */
  receive(request: { token: string; quantity: number }): StockLevels | MovementRefusal {
    return this.#bring((now) => book(this.#store, { ...request, kind: "receipt" }, now));
  }

  /** A count that found more, or with a negative quantity fewer, than there should be. */
  correct(request: { token: string; quantity: number }): StockLevels | MovementRefusal {
    return this.#bring((now) => book(this.#store, { ...request, kind: "correction" }, now));
  }

  /** A count of everything in the house, sold or not. */
  count(request: { token: string; counted: number }): StockLevels | MovementRefusal {
    return this.#bring((now) => count(this.#store, request, now));
  }

  send(parcel: Parcel): Accepted | NotEnough {
    return this.#write((now) => send(this.#store, parcel, now));
  }

  takeBack(parcel: Parcel): Accepted {
    return this.#write((now) => takeBack(this.#store, parcel, now));
  }

  arrive(parcel: Parcel): Accepted {
    // What comes from a neighbouring cell was in stock all the time.
    const isSplit = () => shelfNamed(this.ctx.id.name).cell > 0 || this.#store.terms().cells > 1;
    return this.#bring((now) => arrive(this.#store, parcel, now), isSplit);
  }

  /** What a token of the ledger's or an operator's meant here. */
  movement(token: string): Pick<Movement, "kind" | "quantity"> | undefined {
    return this.#store.tables.isEmpty() ? undefined : this.#store.movement(token);
  }

  /** What an operator or the ledger decided about this cell. */
  agree(change: Partial<Terms>): Terms {
    return this.#write(() => {
      this.#store.agree(change);
      return this.#store.terms();
    });
  }

  levels(): StockLevels {
    return this.#store.levels();
  }

  /** How many pieces there are to be had, and how many this key has already. Writes nothing. */
  look(key: string): { available: number; taken: number; generation: number } {
    const { tables } = this.#store;
    if (tables.isEmpty()) return { available: 0, taken: 0, generation: 0 };
    // Tables of an earlier version are the exception: a row without its history is not kept in mind.
    this.#store.within(() => this.ctx.storage.transactionSync(() => tables.ensureSchema()));
    const { available } = this.#store.levels();
    const row = this.#store.hold(key);
    const isAlive = row?.state === "held" || row?.state === "allocated" || row?.state === "expired";
    return { available, taken: isAlive ? row.quantity : 0, generation: row?.generation ?? 0 };
  }

  terms(): Terms {
    this.#upgrade();
    return this.#store.terms();
  }

  /** As the tables have it, whatever memory says. */
  book(): Book {
    this.#upgrade();
    this.#store.lookAgain();
    const levels = this.#store.levels();
    return { levels, movements: this.#store.movementSums(), terms: this.#store.terms() };
  }

  dump(): Book & { holds: readonly HoldRow[] } {
    return { ...this.book(), holds: this.#store.holds() };
  }

  movements(page: HistoryPage): readonly HistoryRow[] {
    this.#upgrade();
    return this.#store.movements(page);
  }

  override async alarm(): Promise<void> {
    this.#alarm.rang();
    if (this.#store.tables.isEmpty()) return;
    const hasMore = this.#write((now) => tend(this.#store, now));
    if (hasMore) this.#alarm.setFor(this.#nowMs());
    await this.#tellBack();
  }

  async #tellBack(): Promise<void> {
    const atMs = this.#store.backAtMs();
    if (atMs === undefined) return;
    const told = stockBack(shelfNamed(this.ctx.id.name), atMs, this.#store.levels().available);
    this.#tellAgainMs = await tellBack(this.env, told, this.#nowMs());
    this.#write(() => (this.#tellAgainMs === undefined ? this.#store.toldBack(atMs) : undefined));
  }

  /** Asks the ledger for more pieces before they run out, and for more cells when it gets busy. */
  #watch(): void {
    const { home, asks, cells } = this.#store.terms();
    if (!home) return;
    const { region, cell, shopId, sku } = shelfNamed(this.ctx.id.name);
    const ledger = stockLedgerStub(this.env, { shopId, sku, home: home as RegionCode });
    const { isBusy, isLow } = this.#demand.held(this.#store.levels(), this.#nowMs());
    if (isBusy && cell === 0) this.#ask(ledger.spread({ region, cells: cells * 2 }));
    if (isLow && (asks === 1 || cells > 1 || cell > 0)) this.#ask(ledger.want({ region, cell }));
  }

  /** Pieces come. It will be told where none were left. */
  #bring<R>(work: (now: number) => R, isNoNews = () => false): R {
    this.#tellAgainMs = undefined;
    return this.#write((now) =>
      isNoNews() ? work(now) : noteBack(this.#store, () => work(now), now),
    );
  }

  /** Nobody waits for it: what is not answered is asked for again by a later hold. */
  #ask(wish: PromiseLike<unknown>): void {
    const unheard = (problem: unknown) =>
      console.warn({ event: "stock.ledger_unreachable", problem: String(problem) });
    this.ctx.waitUntil(Promise.resolve(wish).catch(unheard));
  }

  /** Tables of an earlier version are brought up to date before they are read as a whole. */
  #upgrade(): void {
    if (!this.#store.tables.isEmpty()) this.#write(() => undefined);
  }

  #write<R>(work: (now: number) => R): R {
    const transaction = () => {
      this.#store.tables.ensureSchema();
      const answer = work(this.#nowMs());
      this.#alarm.setFor(this.#earliestDueMs());
      return answer;
    };
    const { storage } = this.ctx;
    return this.#store.within(() => this.#alarm.within(() => storage.transactionSync(transaction)));
  }

  #earliestDueMs(): number | undefined {
    const backAtMs = this.#store.backAtMs();
    const tellAtMs = backAtMs === undefined ? undefined : (this.#tellAgainMs ?? backAtMs);
    const dueMs = this.#store.earliestDueMs();
    return tellAtMs === undefined ? dueMs : Math.min(tellAtMs, dueMs ?? tellAtMs);
  }

  #nowMs(): number {
    return nowMs(this.env);
  }
}
