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
 * Pieces go from one inventory to another. They leave before they arrive, so that a kill between
 * the two leaves them in transit: counted, and on neither shelf to be sold twice.
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
