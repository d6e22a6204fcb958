import type { Journal } from "../../../durable-objects/saga/journal.ts";
import { LedgerStore } from "../../../durable-objects/stock-ledger/stock-ledger.store.ts";
import {
  type TransferDeps,
  type TransferTx,
  transferSaga,
} from "../../../durable-objects/stock-ledger/transfer.saga.ts";
import { ShopId } from "../../../schema/ids.ts";
import type { ShelfName, Transfer } from "../../../schema/stock.ts";
import type { Build, Scenario, World } from "../matrix/scenario.ts";
import { MemorySqlite } from "../shop/sqlite.ts";
import { Warehouse } from "../shop/warehouse.ts";

const IN_STOCK = 10;
const PIECES = 4;
const demo = ShopId.parse("demo");
const eu: ShelfName = { region: "eu", cell: 0 };
const us: ShelfName = { region: "us", cell: 0 };
const move: Transfer = { token: "truck-1", from: eu, to: us, quantity: PIECES };
const tooMuch: Transfer = { ...move, quantity: IN_STOCK + 1 };

/** A ledger without its object: its own tables and journal, and real shelves in two regions. */
class Regions {
  readonly #sqlite = new MemorySqlite();
  readonly #warehouse: Warehouse;
  readonly store = new LedgerStore(this.#sqlite.sql, () => Date.now());
  readonly journal: Journal;
  readonly deps: TransferDeps;

  constructor(build: Build) {
    this.journal = new build.Journal(this.#sqlite.sql, this.store.tables);
    this.#warehouse = new Warehouse(build);
    const call = (at: ShelfName, name: string, parcel: object) =>
      this.shelf(at).call(name, parcel) as Promise<{ ok: true }>;
    this.deps = {
      send: (from, parcel) => call(from, "send", parcel),
      takeBack: (from, parcel) => call(from, "takeBack", parcel),
      arrive: (to, parcel) => call(to, "arrive", parcel),
    };
  }

  shelf({ region, cell }: ShelfName) {
    return this.#warehouse.shelf(`${region}:${demo}/${region}/mug/${cell}`);
  }

  transact<R>(work: (tx: TransferTx) => R): R {
    const transaction = () => {
      this.store.ensure();
      return work(this.store);
    };
    return this.store.within(() => this.#sqlite.transact(transaction));
  }

  received(at: ShelfName): number {
    return this.shelf(at).store.levels().received;
  }

  leased({ region }: ShelfName): number {
    return this.store.leases().find((lease) => lease.region === region)?.leased ?? 0;
  }
}

/** All pieces are somewhere, once; and the ledger says where. */
function judge(regions: Regions, run: "completed" | "undone" | undefined): readonly string[] {
  const findings: string[] = [];
  const expect = (what: string, found: unknown, wanted: unknown) => {
    if (found !== wanted) findings.push(`${run}: ${what} is ${found}, not ${wanted}`);
  };
  const gone = run === "completed" ? PIECES : 0;
  expect("the sender's stock", regions.received(eu), IN_STOCK - gone);
  expect("the receiver's stock", regions.received(us), gone);
  // A transfer that was never written down leaves no trace in the ledger either.
  if (regions.store.leases().length > 0) {
    expect("the sender's lease", regions.leased(eu), IN_STOCK - gone);
    expect("the receiver's lease", regions.leased(us), gone);
  }
  expect("what is on its way", regions.store.alive().length, 0);
  return findings;
}

function transferring(name: string, transfer: Transfer): Scenario<TransferDeps, TransferTx> {
  return {
    ...{ name, saga: "transfer", sagas: [transferSaga] },
    open: (build): World<TransferDeps, TransferTx> => {
      const regions = new Regions(build);
      const { journal, store, deps } = regions;
      return {
        deps,
        runId: transfer.token,
        storage: {
          journal,
          transact: (work) => regions.transact(work),
          earliestDueMs: () => (store.tables.isEmpty() ? undefined : journal.earliestDueMs()),
        },
        prepare: async () => {
          regions.shelf(eu).receive(IN_STOCK);
          regions.transact(() => {
            store.enrol(eu);
            store.setLease(eu, IN_STOCK);
          });
        },
        begin: (runner) =>
          runner.start("transfer", transfer.token, transfer, () => store.asked(transfer)),
        runs: () => journal.readAll(),
        judge: (run) => judge(regions, run),
      };
    },
  };
}

export const transfers = [
  transferring("moving pieces between regions", move),
  transferring("moving more pieces than there are", tooMuch),
];
