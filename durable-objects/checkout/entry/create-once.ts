import { refuse } from "../../../schema/refusals.ts";
import type { Answer } from "../sale/answers.ts";
import type { CreateCall } from "../sale/calls.ts";
import { fresh } from "./answer-desk.ts";

/** The one create that is under way, before anything of it is written: who comes second joins it. */
export class CreateOnce {
  #creating: { readonly fingerprint: string; readonly answer: Promise<Answer> } | undefined;

  /** Opens the checkout, or hears how the create that is under way ends. */
  async join({ fingerprint }: CreateCall, open: () => Promise<Answer>): Promise<Answer> {
    if (this.#creating) {
      const { fingerprint: first, answer } = this.#creating;
      if (first !== fingerprint) return fresh(refuse("idempotency_key_reused"));
      return { ...(await answer), replayed: true };
    }
    const answer = open();
    this.#creating = { fingerprint, answer };
    try {
      return await answer;
    } finally {
      this.#creating = undefined;
    }
  }
}
