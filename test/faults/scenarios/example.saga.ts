import { retry } from "../../../durable-objects/saga/retry.ts";
import { Saga } from "../../../durable-objects/saga/saga.ts";
import type { Refusal } from "../../../schema/outcome.ts";

const DRIVER_WAIT_MS = 5 * 60_000; // then another slot is better than this one

type Parcel = { readonly parcelId: string; readonly grams: number };
export type PickupInput = { readonly parcel: Parcel; readonly carriers: readonly string[] };
type Booking = { readonly carrier: string; readonly reference: string };

/** Everything outside that the saga calls. The same key is always the same call. */
export type PickupDeps = {
  weigh(parcel: Parcel): Promise<number | Refusal<"too_heavy">>;
  reserveSlot(key: string): Promise<{ readonly slot: number } | Refusal<"no_slot">>;
  freeSlot(key: string): Promise<void>;
  book(carrier: string, key: string): Promise<Booking | Refusal<"no_van">>;
  cancelBooking(carrier: string, key: string): Promise<void>;
  printLabel(key: string, booking: Booking): Promise<"printed" | "out_of_paper">;
};

/** What the outside tells, and when. A refusal turns the run back. */
type PickupEvents = {
  "driver.accepted": { readonly driver: string } | Refusal<"driver_declined">;
};

/** What commits write to; all of it stands in the transaction that journals the step. */
export type PickupTx = { setStatus(parcelId: string, status: string): void };

/**
 * A carrier fetches a parcel from the warehouse.
 *
 * Input: the parcel and the carriers that may fetch it, in the order of choice; made by whoever packed it.
 * Steps: weigh, reserve a slot, find a carrier, wait for the driver, confirm; then print the label.
 * Commits: the parcel's status; a printer without paper begins `handwrite`.
 * Undo: of `reserveSlot` and `book`, by the step's key: whatever that key took is given back, and a call
 *   with this key that arrives later takes nothing.
 */
export const pickupSaga = Saga.named<PickupInput, PickupDeps, PickupEvents, PickupTx>("pickup", {
  turnedBack: ({ tx, input, because }) => tx.setStatus(input.parcel.parcelId, because.refused),
  stuck: ({ tx, input, step }) => tx.setStatus(input.parcel.parcelId, `stuck at ${step}`),
})
  .step("weigh", { reads: true, do: ({ deps, input }) => deps.weigh(input.parcel) })
  .step("reserveSlot", {
    do: ({ deps, key }) => deps.reserveSlot(key),
    undo: ({ deps, key }) => deps.freeSlot(key),
  })
  .firstOf(
    "book",
    ({ input }) => input.carriers,
    (carrier) => ({
      do: ({ deps, key }) => deps.book(carrier, key),
      undo: ({ deps, key }) => deps.cancelBooking(carrier, key),
      retry: retry.patiently,
    }),
  )
  .waitFor("driver", "driver.accepted", {
    from: "book",
    until: ({ nowMs }) => nowMs + DRIVER_WAIT_MS,
    timeout: { refused: "no_driver" },
  })
  .pivot("confirm", {
    commit: ({ tx, input, done }) =>
      tx.setStatus(input.parcel.parcelId, `${done.driver?.driver} comes for ${done.book.carrier}`),
  })
  .step("printLabel", {
    do: ({ deps, done, key }) => deps.printLabel(key, done.book),
    retry: retry.persistently,
    commit: ({ tx, input, value, begin }) => {
      const { parcelId } = input.parcel;
      if (value === "printed") tx.setStatus(parcelId, "ready");
      else begin("handwrite", `${parcelId}/handwrite`, input.parcel);
    },
  });

/** The printer's definite no is a value: it begins a follow-up in the same transaction. */
export const handwriteSaga = Saga.named<Parcel, PickupDeps, Record<never, never>, PickupTx>(
  "handwrite",
).pivot("ask", { commit: ({ tx, input }) => tx.setStatus(input.parcelId, "needs a pen") });
