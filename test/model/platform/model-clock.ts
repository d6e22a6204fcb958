import { vi } from "vitest";

const START_MS = Date.UTC(2026, 0, 1);

type Timer = { readonly atMs: number; readonly ring: () => void };

/** Time that only the search moves, one timer after the other. */
export class Clock {
  #nowMs = START_MS;
  #timers: Timer[] = [];

  /** From now on everybody's clock; there is one at a time. */
  install(): void {
    vi.stubGlobal("setTimeout", (ring: () => void, ms = 0) => this.at(this.#nowMs + ms, ring));
    vi.stubGlobal("clearTimeout", (timer: Timer | undefined) => this.cancel(timer));
    vi.spyOn(Date, "now").mockImplementation(() => this.#nowMs);
    vi.spyOn(Math, "random").mockReturnValue(0.999);
    vi.spyOn(AbortSignal, "timeout").mockImplementation(() => new AbortController().signal);
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** When the next timer is due; undefined when there is none. */
  get nextMs(): number | undefined {
    return this.#timers[0]?.atMs;
  }

  at(atMs: number, ring: () => void): Timer {
    const timer = { atMs, ring };
    const later = this.#timers.findIndex((each) => each.atMs > atMs);
    this.#timers = this.#timers.toSpliced(later === -1 ? this.#timers.length : later, 0, timer);
    return timer;
  }

  cancel(timer: Timer | undefined): void {
    this.#timers = this.#timers.filter((each) => each !== timer);
  }

  /** A crash takes all timers: what has to outlive it is set anew. */
  forget(): void {
    this.#timers = [];
  }

  /** Moves on to the next timer. */
  tick(): void {
    const [next, ...others] = this.#timers;
    if (!next) return;
    this.#timers = others;
    this.#nowMs = Math.max(this.#nowMs, next.atMs);
    next.ring();
  }

  /** Moves on timer by timer; what is set meanwhile comes late. */
  async pass(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    const due = this.#timers.filter(({ atMs }) => atMs <= endMs);
    for (const timer of due) {
      if (this.#timers[0] === timer) this.tick();
      await idle();
    }
    this.#nowMs = Math.max(this.#nowMs, endMs);
  }

  /** Moves on at once: what was due meanwhile comes late. */
  jump(ms: number): void {
    this.#nowMs += ms;
    while (this.#timers[0] && this.#timers[0].atMs <= this.#nowMs) this.tick();
  }
}

/** Until nothing moves any more but the clock. */
export async function idle(): Promise<void> {
  await new Promise((resume) => setImmediate(resume));
}
