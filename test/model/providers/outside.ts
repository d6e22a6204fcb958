import type { Notice } from "../../../payments/webhook-notice.ts";
import type { Clock } from "../platform/model-clock.ts";
import { Ledger } from "./provider-ledger.ts";

/** Under the engine's own time-out, as the adapters' clients have it. */
const ANSWER_WITHIN_MS = 7_000;

/** What a provider may answer to one call. The answers do what they say. */
type Ways = {
  /** As the provider normally does it; at once a repeat of what the same key came to before. */
  readonly done: () => unknown;
  /** Definite noes that are possible now, by their name. */
  readonly noes?: () => { readonly [name: string]: () => unknown };
  /** It changes nothing: it may fail, and that is all that can happen to it. */
  readonly reads?: true;
};

type Listener = { readonly resolve: (value: unknown) => void; readonly reject: (e: Error) => void };

/** A call that left the object and has not come to its end. */
export type Call = Ways & {
  readonly name: string;
  readonly sentAtMs: number;
  /** Who waits for the answer; nobody once it timed out, or the one who asked is dead. */
  listener: Listener | undefined;
  /** It took effect, and its answer is on its way. */
  answer: { readonly value: unknown } | undefined;
};

/** Something that a provider has to decide and tell; the first way is how it normally ends. */
export type News = {
  readonly name: string;
  readonly ways: () => { readonly [name: string]: () => Notice };
};

/** Everything outside of the object that has a mind of its own: calls under way, and news. */
export class Outside {
  readonly ledger = new Ledger();
  readonly #clock: Clock;
  readonly #timers = new WeakMap<Call, ReturnType<Clock["at"]>>();
  calls: readonly Call[] = [];
  news: readonly News[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Sends a call. What becomes of it is for the search to choose. */
  call(name: string, ways: Ways): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const sentAtMs = this.#clock.nowMs;
      const listener = { resolve, reject };
      const call: Call = { ...ways, name, sentAtMs, listener, answer: undefined };
      this.calls = [...this.calls, call];
      const timeOut = () => this.#timeOut(call);
      this.#timers.set(call, this.#clock.at(sentAtMs + ANSWER_WITHIN_MS, timeOut));
    });
  }

  /** The same news is there once, however often it was asked for. */
  tell(news: News): void {
    if (!this.news.some(({ name }) => name === news.name)) this.news = [...this.news, news];
  }

  forget(news: News): void {
    this.news = this.news.filter((each) => each !== news);
  }

  /** The call comes to its end, with this answer for whoever still waits. */
  end(call: Call, answer: { readonly value: unknown } | { readonly fault: string }): void {
    this.calls = this.calls.filter((each) => each !== call);
    this.#clock.cancel(this.#timers.get(call));
    if ("fault" in answer) call.listener?.reject(new Error(answer.fault));
    else call.listener?.resolve(answer.value);
  }

  /** Nobody listens any more; what is under way may arrive all the same. */
  deafen(): void {
    for (const call of this.calls) call.listener = undefined;
    this.#dropPointless();
  }

  #timeOut(call: Call): void {
    if (!this.calls.includes(call) || !call.listener) return;
    const { reject } = call.listener;
    call.listener = undefined;
    this.#dropPointless();
    reject(new Error(`no answer within ${ANSWER_WITHIN_MS} ms`));
  }

  /** An answer that nobody hears is no event any more. */
  #dropPointless(): void {
    this.calls = this.calls.filter(({ listener, answer, reads }) => listener || !(answer || reads));
  }
}
