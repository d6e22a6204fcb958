import { MemoryStorage } from "../../../durable-objects/saga/testing/stage.ts";
import type { Refusal } from "../../../schema/outcome.ts";
import type { Scenario } from "../matrix/scenario.ts";
import {
  handwriteSaga,
  type PickupDeps,
  type PickupInput,
  type PickupTx,
  pickupSaga,
} from "./example.saga.ts";

const parcel = { parcelId: "parcel/1", grams: 900 };

export const pickups: readonly Scenario<PickupDeps, PickupTx>[] = [
  pickup("a pickup", { parcel, carriers: ["bike"] }),
  pickup("a pickup with two carriers", { parcel, carriers: ["bike", "van"] }),
];

function pickup(name: string, input: PickupInput): Scenario<PickupDeps, PickupTx> {
  return {
    name,
    saga: "pickup",
    sagas: [pickupSaga, handwriteSaga],
    open: () => {
      const runId = `${input.parcel.parcelId}/pickup`;
      const storage = new MemoryStorage<PickupTx>((write) => ({
        setStatus: (_parcelId, status) => write(status),
      }));
      const outside = new Depot();
      return {
        ...{ storage, deps: outside, runId },
        begin: (runner) => runner.start("pickup", runId, input),
        events: { "driver.accepted": { driver: "Ada" } },
        noes: { printLabel: "out_of_paper" },
        runs: () => storage.runs(),
        judge: (end) => outside.judge(end, storage.notes.at(-1)),
      };
    },
  };
}

/** The outside by its own ledger: what is taken, under which key, and what was given back. */
class Depot implements PickupDeps {
  readonly #taken = new Map<string, "taken" | "given back">();
  readonly #printed = new Set<string>();

  async weigh({ grams }: PickupInput["parcel"]): Promise<number | Refusal<"too_heavy">> {
    return grams > 30_000 ? { refused: "too_heavy" } : grams;
  }

  async reserveSlot(key: string): Promise<{ slot: number } | Refusal<"no_slot">> {
    return this.#take(key) ? { slot: 7 } : { refused: "no_slot" };
  }

  async freeSlot(key: string): Promise<void> {
    this.#taken.set(key, "given back");
  }

  async book(carrier: string, key: string) {
    return this.#take(key)
      ? { carrier, reference: `${carrier}-1` }
      : ({ refused: "no_van" } as const);
  }

  async cancelBooking(_carrier: string, key: string): Promise<void> {
    this.#taken.set(key, "given back");
  }

  async printLabel(key: string): Promise<"printed"> {
    this.#printed.add(key);
    return "printed";
  }

  /** A clean slate, or one slot, one booking and one label. */
  judge(end: string | undefined, status: string | undefined): readonly string[] {
    const taken = [...this.#taken].filter(([, state]) => state === "taken").map(([key]) => key);
    const findings: string[] = [];
    const wanted = end === "completed" ? 2 : 0;
    if (taken.length !== wanted)
      findings.push(`${wanted} are to be taken, not ${taken.join(", ")}`);
    if (end === "completed" && status !== "ready" && status !== "needs a pen") {
      findings.push(`completed as ${status}`);
    }
    if (this.#printed.size > (end === "completed" ? 1 : 0)) findings.push("a label too many");
    return findings;
  }

  /** What was given back stays so: a late call finds the mark of its undo. */
  #take(key: string): boolean {
    if (!this.#taken.has(key)) this.#taken.set(key, "taken");
    return this.#taken.get(key) === "taken";
  }
}
