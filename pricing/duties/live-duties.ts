import type { Duties, DutiesAnswer, Shipment } from "../catalogue.ts";
import { ServiceBreaker } from "../services/service-breaker.ts";
import { tollgate } from "./tollgate.ts";

export type DutiesSource = {
  /** The base URL of the service's API. */
  readonly base: string;
  readonly fetch: typeof fetch;
  readonly nowMs: () => number;
};

/**
 * Import duties as the service says them now. What it says of one cart is of no use for another, so
 * nothing is remembered; one that does not answer in time is left alone for a while.
 */
export class LiveDuties implements Duties {
  readonly #source: DutiesSource;
  readonly #breaker = new ServiceBreaker();

  constructor(source: DutiesSource) {
    this.#source = source;
  }

  async dutiesOn(shipment: Shipment): Promise<DutiesAnswer> {
    const { base, fetch, nowMs } = this.#source;
    const asked = { kind: "duties", name: "Tollgate", nowMs: nowMs() } as const;
    const answer = await this.#breaker.ask(asked, (signal) =>
      tollgate({ base, fetch, signal }, shipment),
    );
    return "leftOut" in answer ? answer : { duties: answer };
  }
}
