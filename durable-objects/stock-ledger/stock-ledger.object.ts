import { DurableObject } from "cloudflare:workers";
import type { Refusal } from "../../schema/outcome.ts";
import { refuse } from "../../schema/refusals.ts";
import type { ShelfName, StockLedger, Transfer } from "../../schema/stock.ts";
import { AlarmClock } from "../alarm-clock.ts";
import { nowMs } from "../clock.ts";
import { cellStub, ledgerNamed } from "../placement.ts";
import { Journal } from "../saga/journal.ts";
import { Runner } from "../saga/runner.ts";
import { isSame, lenderFor, spreadOver } from "./lending.ts";
import { Comparison } from "./shelf-comparison.ts";
import { LedgerStore } from "./stock-ledger.store.ts";
import { type TransferDeps, type TransferTx, transferSaga } from "./transfer.saga.ts";

const CELLS_MAX = 16; // a thousand holds a second and more; each cell costs a look when all sell out

export type MoveRefusal = Refusal<"not_enough_stock" | "movement_refused">;
type Told = { readonly ok: true };

/**
 * One SKU's pieces in all regions: which shelf may sell how many, and what is on its way (decision 14).
 * No sale asks it. A region that cannot reach it sells what it has.
 */
export class StockLedgerObject extends DurableObject<Env> {
  readonly #store = new LedgerStore(this.ctx.storage.sql, () => this.#nowMs());
  readonly #journal = new Journal(this.ctx.storage.sql, this.#store.tables);
  readonly #alarm = new AlarmClock(this.ctx.storage, this.env);
  readonly #runner = new Runner<TransferDeps, TransferTx>({
    journal: this.#journal,
    sagas: [transferSaga],
    deps: {
      send: (from, { token, quantity }) => this.#shelf(from).send({ token, quantity }),
      takeBack: (from, { token, quantity }) => this.#shelf(from).takeBack({ token, quantity }),
      arrive: (to, { token, quantity }) => this.#shelf(to).arrive({ token, quantity }),
    },
    transact: (work) => this.#transact(work),
    nowMs: () => this.#nowMs(),
    chance: Math.random,
    report: (run, problem) => this.#report("saga.fault", { run, problem: String(problem) }),
  });

  readonly #compared = new Comparison({
    store: this.#store,
    shelf: (name) => this.#shelf(name),
    transact: (work) => this.#transact(work),
    report: (event, detail) => this.#report(event, detail),
  });

  /** Pieces came to a shelf, or were counted again there: its lease is what it has now. */
  async told(shelf: ShelfName): Promise<Told> {
    this.#transact((store) => {
      store.enrol(shelf);
      store.stir();
    });
    await this.#compared.repair(await this.#compared.see(shelf), this.#terms(), false);
    return { ok: true };
  }

  /** Whether regions that run low are given pieces from regions that have more. */
  async pool(isPooled: boolean): Promise<StockLedger> {
    this.#transact((store) => {
      store.pool(isPooled);
      store.stir();
    });
    return this.reconcile();
  }

  /** Splits a region's stock into so many cells, never into fewer, and spreads the pieces. */
  async spread({ region, cells }: { region: ShelfName["region"]; cells: number }): Promise<number> {
    const first = this.#shelf({ region, cell: 0 });
    const { cells: now } = await first.terms();
    const wanted = Math.max(now, Math.min(cells, CELLS_MAX));
    const shelves = Array.from({ length: wanted }, (_, cell) => ({ region, cell }));
    this.#transact((store) => {
      for (const shelf of shelves) store.enrol(shelf);
      store.stir();
    });
    const { home } = this.#name();
    await Promise.all(shelves.map((shelf) => this.#shelf(shelf).agree({ home })));
    const { shopper_max, unpaid_max_percent, last_resort } = await first.terms();
    const limits = { shopper_max, unpaid_max_percent, last_resort };
    await Promise.all(shelves.map((shelf) => this.#shelf(shelf).agree(limits)));
    await first.agree({ cells: wanted });
    const sights = await Promise.all(shelves.map((shelf) => this.#compared.see(shelf)));
    if (!this.#isMoving(region)) {
      const moves = spreadOver(sights).map((move) => ({ ...move, token: this.#newToken() }));
      await Promise.all(moves.map((move) => this.#begin(move)));
    }
    return wanted;
  }

  /** A shelf runs low. Gives it half of what the richest other one has more, if that may give. */
  async want(shelf: ShelfName): Promise<Told> {
    const onItsWay = this.#store.alive().filter(({ to }) => isSame(to, shelf));
    // It can be reached again: what waited to get there need not wait longer.
    await Promise.all(onItsWay.map(({ token }) => this.#hurry(token)));
    if (onItsWay.length > 0) return { ok: true };
    const others = this.#store
      .leases()
      .filter(({ region }) => region === shelf.region || this.#store.isPooled());
    const sights = await this.#compared.seeAll([
      shelf,
      ...others.filter((one) => !isSame(one, shelf)),
    ]);
    const loan = lenderFor(shelf, sights);
    if (loan && !this.#store.alive().some(({ to }) => isSame(to, shelf))) {
      await this.#begin({ ...loan, token: this.#newToken() });
    }
    return { ok: true };
  }

  /** An operator's wish. Answers when the pieces have left; they arrive by themselves. */
  async move(transfer: Transfer): Promise<Transfer | MoveRefusal> {
    const { token } = transfer;
    const isNew = this.#store.transfer(token) === undefined;
    const meant = isNew ? await this.#shelf(transfer.from).movement(token) : undefined;
    const known = this.#store.transfer(token); // the same call may have come meanwhile
    if (known && !isSameMove(known, transfer)) {
      return refuse("movement_refused", { movementId: token, quantity: known.quantity });
    }
    // Forgotten here by now, and not there.
    if (!known && meant?.kind === "transfer_out" && meant.quantity === -transfer.quantity) {
      return transfer;
    }
    if (!known && meant?.quantity) {
      return refuse("movement_refused", { movementId: token, quantity: Math.abs(meant.quantity) });
    }
    if (!known) await this.#begin(transfer);
    const { state } = this.#store.transfer(token) ?? {};
    return state === "refused" ? refuse("not_enough_stock") : transfer;
  }

  /** Compares every shelf that can be reached with its lease; reports and repairs what differs. */
  async reconcile(): Promise<StockLedger> {
    const sights = await this.#compared.seeAll(this.#store.leases());
    for (const sight of sights) {
      await this.#quietly(this.#compared.repair(sight, this.#terms(), true));
    }
    this.#transact((store) => store.rest());
    return this.read();
  }

  read(): StockLedger {
    return this.#store.view(this.#name().home);
  }

  override async alarm(): Promise<void> {
    this.#alarm.rang();
    if (this.#store.tables.isEmpty()) return;
    await this.#quietly(this.#runner.wake());
    if ((this.#store.reconcileAtMs() ?? Number.POSITIVE_INFINITY) <= this.#nowMs()) {
      await this.#quietly(this.reconcile());
    }
    this.#runner.forget(this.#transact((store) => store.forgetEnded()));
  }

  #begin(transfer: Transfer): Promise<unknown> {
    const { token } = transfer;
    const run = this.#runner.start("transfer", token, transfer, () => this.#store.asked(transfer));
    this.ctx.waitUntil(this.#quietly(run));
    return run;
  }

  async #hurry(token: string): Promise<void> {
    const run = this.#runner.read(token);
    const again = run?.stuckAt ? this.#runner.resume(token) : this.#runner.nudge(token);
    this.ctx.waitUntil(this.#quietly(again));
  }

  #newToken(): string {
    const { home } = this.#name();
    return this.#transact((store) => `lease/${home}/${store.nextNumber()}`);
  }

  #isMoving(region: ShelfName["region"]): boolean {
    return this.#store
      .alive()
      .some(({ from, to }) => from.region === region && to.region === region);
  }

  #shelf({ region, cell }: ShelfName) {
    const { shopId, sku } = this.#name();
    return cellStub(this.env, { shopId, region, sku, cell });
  }

  /** What the shelves have to know: whom they may ask, and whether they do. */
  #terms() {
    return { home: this.#name().home, asks: this.#store.isPooled() ? 1 : 0 };
  }

  #name() {
    return ledgerNamed(this.ctx.id.name);
  }

  #transact<R>(work: (store: LedgerStore) => R): R {
    const transaction = () => {
      this.#store.ensure();
      const value = work(this.#store);
      this.#arm();
      return value;
    };
    const { storage } = this.ctx;
    return this.#store.within(() => this.#alarm.within(() => storage.transactionSync(transaction)));
  }

  #arm(): void {
    const store = this.#store;
    const due = [this.#journal.earliestDueMs(), store.reconcileAtMs(), store.forgetAtMs()];
    const earliest = Math.min(...due.map((ms) => ms ?? Number.POSITIVE_INFINITY));
    if (Number.isFinite(earliest)) this.#alarm.setFor(earliest);
  }

  async #quietly(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (problem) {
      this.#report("stock.fault", { problem: String(problem) });
    }
  }

  #report(event: string, detail: Record<string, string>): void {
    console.error({ event, ledger: this.ctx.id.name, ...detail });
  }

  #nowMs(): number {
    return nowMs(this.env);
  }
}

function isSameMove(one: Transfer, other: Transfer): boolean {
  const { quantity, from, to } = one;
  return quantity === other.quantity && isSame(from, other.from) && isSame(to, other.to);
}
