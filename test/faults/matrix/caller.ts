const ASKS_MAX = 5; // a client that got no answer asks again, but not for ever

type Call = {
  call(): Promise<unknown>;
  isolates(): number;
  broke(problem: unknown): void;
};

/** Whoever asks for the run. A broken call is asked again with the same key. */
export class Client {
  readonly #call: Call;
  #asks = 0;
  #isAnswered = false;

  constructor(call: Call) {
    this.#call = call;
  }

  get isWaiting(): boolean {
    return !this.#isAnswered && this.#asks < ASKS_MAX;
  }

  /** It has gone for good. */
  leave(): void {
    this.#asks = ASKS_MAX;
  }

  ask(): void {
    this.#asks += 1;
    const isolate = this.#call.isolates();
    this.#call.call().then(
      () => {
        this.#isAnswered = true;
      },
      (problem) => {
        // Of an isolate that died meanwhile the client heard nothing at all.
        if (isolate === this.#call.isolates()) this.#call.broke(problem);
      },
    );
  }
}
