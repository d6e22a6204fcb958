import type { Refusal } from "../../schema/outcome.ts";
import type { ShelfName, Transfer } from "../../schema/stock.ts";
import { retry } from "../saga/retry.ts";
import { Saga } from "../saga/saga.ts";

type Accepted = { readonly ok: true };
export type Parcel = { readonly token: string; readonly quantity: number };

/** The two ends. The same token is the same parcel, however often it is told. */
export type TransferDeps = {
  send(from: ShelfName, parcel: Parcel): Promise<Accepted | Refusal<"not_enough_stock">>;
  takeBack(from: ShelfName, parcel: Parcel): Promise<Accepted>;
  arrive(to: ShelfName, parcel: Parcel): Promise<Accepted>;
};

/** What the ledger writes down of it. */
export type TransferTx = {
  departed(transfer: Transfer): void;
  arrived(transfer: Transfer): void;
  refused(transfer: Transfer): void;
};

type NoEvents = Record<never, never>;

/**
 * Pieces go from one shelf to another (decision 14).
 *
 * Input: the transfer with its token, made by the ledger (`StockLedgerObject`) for an operator's
 *   move, for a shelf that runs low, or to fill the cells of a region that was split.
 * Steps: the pieces leave one shelf, the ledger's own commit says so, and they arrive at the other. They
 *   leave first, so that a crash between the two leaves them in transit: counted, and on neither
 *   shelf to be sold twice.
 * Commits: the leases of both shelves, and the transfer's state, all in the ledger.
 * Undo: of `send`, by the token: the shelf takes the pieces back once, and a `send` with this token that
 *   arrives later moves nothing. Below the pivot nothing is undone: `arrive` is repeated until it is heard.
 */
export const transferSaga = Saga.named<Transfer, TransferDeps, NoEvents, TransferTx>("transfer", {
  turnedBack: ({ tx, input }) => tx.refused(input),
  stuck: ({ input, step }) =>
    console.error({ event: "stock.transfer_stuck", token: input.token, step }),
})
  .step("send", {
    do: ({ deps, input }) => deps.send(input.from, input),
    undo: ({ deps, input }) => deps.takeBack(input.from, input),
  })
  .pivot("depart", { commit: ({ tx, input }) => tx.departed(input) })
  .step("arrive", {
    do: ({ deps, input }) => deps.arrive(input.to, input),
    retry: retry.persistently,
    commit: ({ tx, input }) => tx.arrived(input),
  });
