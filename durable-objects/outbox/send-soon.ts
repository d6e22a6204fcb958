import { SECOND_MS } from "../../schema/durations.ts";

const WAIT_MAX_MS = SECOND_MS; // whoever follows the log hears of an order within three

/**
 * One send for all that belongs together: when nothing is under way any more, or a second after the first
 * of it. Should the object die meanwhile, its outbox sends it as it does what the queue lost.
 */
export class SendSoon {
  readonly #quiet: () => Promise<void>;
  readonly #send: () => Promise<void>;
  #sending: Promise<void> | undefined;

  /** `quiet` ends when nothing is under way; `send` sends everything that was not sent yet. */
  constructor(quiet: () => Promise<void>, send: () => Promise<void>) {
    this.#quiet = quiet;
    this.#send = send;
  }

  /** Ends when it is sent. Who comes meanwhile joins. */
  soon(): Promise<void> {
    this.#sending ??= this.#soon();
    return this.#sending;
  }

  async #soon(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, WAIT_MAX_MS);
    });
    await Promise.race([this.#quiet(), late]);
    clearTimeout(timer);
    this.#sending = undefined; // what is committed from now on is another send's
    await this.#send();
  }
}
