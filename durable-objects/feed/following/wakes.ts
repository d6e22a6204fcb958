/**
 * Makes one of all wakes that come within a while: the first is at once, the rest are one, when the
 * while is over. None is lost while the object lives; when it dies, its alarm looks.
 */
export class Wakes {
  readonly #gapMs: number;
  #isResting = false;
  #next: (() => void) | undefined;

  constructor(gapMs: number) {
    this.#gapMs = gapMs;
  }

  /** Does `look` now, or once more when the present while is over. */
  once(look: () => void): void {
    if (this.#isResting) {
      this.#next = look;
      return;
    }
    this.#isResting = true;
    setTimeout(() => this.#restIsOver(), this.#gapMs);
    look();
  }

  #restIsOver(): void {
    this.#isResting = false;
    const next = this.#next;
    this.#next = undefined;
    if (next) this.once(next);
  }
}
