import type { Clock } from "./model-clock.ts";

/** An object's one alarm as the platform keeps it: it outlives the isolate, and does not overlap. */
export class Alarm {
  /** When it rings; while it rings, when it rang. */
  setForMs: number | undefined;
  readonly #clock: Clock;
  readonly #ring: () => Promise<void>;
  #timer: ReturnType<Clock["at"]> | undefined;
  #ringing: Promise<void> | undefined;

  /** `ring` wakes the object that is alive then. */
  constructor(clock: Clock, ring: () => Promise<void>) {
    this.#clock = clock;
    this.#ring = ring;
  }

  setFor(atMs: number): void {
    this.#clock.cancel(this.#timer);
    this.setForMs = atMs;
    this.#timer = this.#clock.at(atMs, () => void this.#rings());
  }

  /** The isolate died: what it did not get through rings again. */
  crashed(): void {
    this.#ringing = undefined;
    this.#timer = undefined;
    if (this.setForMs !== undefined) this.setFor(Math.max(this.setForMs, this.#clock.nowMs));
  }

  /** One that is due while another is at work comes after it. */
  async #rings(): Promise<void> {
    this.#timer = undefined;
    while (this.#ringing) await this.#ringing;
    const ringing = this.#ring().finally(() => {
      if (this.#ringing !== ringing) return;
      this.#ringing = undefined;
      if (!this.#timer) this.setForMs = undefined;
    });
    this.#ringing = ringing;
    await ringing;
  }
}
