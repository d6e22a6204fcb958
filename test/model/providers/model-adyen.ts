import { assert } from "../../../schema/outcome.ts";
import {
  type Body,
  type Decision,
  effects,
  isOurs,
  modificationOf,
  nameOf,
  noticeOf,
  pspOf,
} from "./adyen-decisions.ts";
import type { News, Outside } from "./outside.ts";
import { attemptOf, type Entry, netMinor, payUp } from "./provider-ledger.ts";

/**
 * Adyen's API as the real adapter speaks to it by fetch. It answers "received" to everything but a
 * payment, decides later and tells by webhook; a cancel by our reference leaves no mark that would
 * stop a payment which is still on its way.
 */
export class ModelAdyen {
  readonly #outside: Outside;
  readonly #kept = new Map<string, object>();

  constructor(outside: Outside) {
    this.#outside = outside;
  }

  /** In place of the platform's fetch. */
  async fetch(url: string, init: { readonly body: string; readonly headers: object }) {
    const path = new URL(url).pathname.split("/v72/")[1] ?? "";
    const key = String(new Headers(init.headers as HeadersInit).get("idempotency-key"));
    const json = await this.#asked(path, key, JSON.parse(init.body));
    return { ok: true, status: 200, text: async () => JSON.stringify(json) };
  }

  /** The shopper has paid at their bank; a card is charged once they are back with their proof. */
  shopperPays(entry: Entry): void {
    if (entry.method === "card") {
      entry.isProven = true;
      return;
    }
    payUp(entry);
    this.#tellAuthorised(entry);
  }

  /** The shopper's page is not paid in time. */
  offerCloses(entry: Entry): void {
    entry.state = "closed";
    const decision = { type: "OFFER_CLOSED", kind: "expiry", ours: entry.ours } as const;
    this.#decides(decision, () => ({ told: () => noticeOf(decision, entry, true) }));
  }

  #asked(path: string, key: string, body: Body): Promise<unknown> {
    if (path === "payments") return this.#pays(key, body);
    if (path === "payments/details") return this.#proves(key, body.details?.redirectResult);
    if (path === "cancels") {
      const ours = body.paymentReference ?? "";
      return this.#received(key, { type: "TECHNICAL_CANCEL", kind: "void", ours }, undefined);
    }
    const [, reference, act] = path.split("/");
    const entry = this.#outside.ledger.find("adyen", reference);
    assert(entry, `Adyen knows ${reference}`);
    const ours = body.reference;
    switch (act) {
      case "captures":
        return this.#received(
          key,
          { type: "CAPTURE", kind: "capture", ours },
          entry,
          body.amount?.value,
        );
      case "refunds":
        return this.#received(
          key,
          { type: "REFUND", kind: "refund", ours },
          entry,
          body.amount?.value,
        );
      case "cancels":
        return this.#received(key, { type: "CANCELLATION", kind: "void", ours }, entry);
      default:
        assert(act === "reversals", `Adyen has ${path}`);
        return this.#received(key, { type: "CANCEL_OR_REFUND", kind: "void", ours }, entry);
    }
  }

  #pays(key: string, body: Body): Promise<unknown> {
    const ours = body.reference;
    const refused = (code: string) => () => {
      this.#tellRefused(ours);
      return this.#keep(key, { resultCode: "Refused", refusalReasonCode: code });
    };
    const noes = { declines: refused("2"), "declines for now": refused("9") };
    return this.#outside.call(`adyen: authorize ${attemptOf(ours)}`, {
      done: () => this.#kept.get(key) ?? this.#keep(key, this.#paid(body)),
      noes: () => (this.#kept.has(key) ? {} : noes),
    });
  }

  /** What the shopper brought back from the bank names the payment. */
  #proves(key: string, reference: string | undefined): Promise<unknown> {
    const entry = this.#outside.ledger.find("adyen", reference);
    assert(entry, `Adyen knows ${reference}`);
    const { ours, amountMinor } = entry;
    const refused = () => {
      entry.state = "closed";
      this.#tellRefused(ours);
      const answer = { resultCode: "Refused", refusalReasonCode: "11" };
      return this.#keep(key, { ...answer, merchantReference: ours });
    };
    const authorised = () => {
      payUp(entry);
      this.#tellAuthorised(entry);
      const amount = { value: amountMinor, currency: "EUR" };
      const names = { pspReference: entry.reference, merchantReference: ours };
      return this.#keep(key, { resultCode: "Authorised", ...names, amount });
    };
    return this.#outside.call(`adyen: details ${attemptOf(ours)}`, {
      done: () => this.#kept.get(key) ?? authorised(),
      noes: () => (this.#kept.has(key) ? {} : { declines: refused }),
    });
  }

  #paid({ reference: ours, amount, paymentMethod, returnUrl }: Body): object {
    const reference = pspOf(ours);
    const method = paymentMethod?.type === "ideal" ? "ideal" : "card";
    const amountMinor = amount?.value ?? 0;
    const names = { provider: "adyen", ours, reference } as const;
    const isAwaited = method === "ideal" || isOurs(returnUrl);
    const entry = this.#outside.ledger.open({ ...names, method, amountMinor }, { isAwaited });
    if (isAwaited) {
      const action = { type: "redirect", url: "https://bank.invalid/", method: "GET" };
      return { resultCode: "RedirectShopper", action, merchantReference: ours };
    }
    this.#tellAuthorised(entry);
    return { resultCode: "Authorised", pspReference: reference, amount };
  }

  #received(
    key: string,
    decision: Decision,
    entry: Entry | undefined,
    amountMinor = 0,
  ): Promise<unknown> {
    const { type, ours } = decision;
    return this.#outside.call(`adyen: ${type} ${nameOf(ours)}`, {
      done: () => {
        const kept = this.#kept.get(key);
        if (kept) return kept;
        const taken =
          type === "TECHNICAL_CANCEL" ? { ...decision, nth: this.#kept.size } : decision;
        this.#decides(taken, () => this.#ways(taken, entry, amountMinor));
        return this.#keep(key, { status: "received", pspReference: modificationOf(taken) });
      },
    });
  }

  /** How it can end by now: a yes where one is possible, and a no where banks say no. */
  #ways(
    decision: Decision,
    named: Entry | undefined,
    amountMinor: number,
  ): ReturnType<News["ways"]> {
    const entry = named ?? this.#outside.ledger.find("adyen", decision.ours);
    const isFree = entry?.state === "held" && entry.capturedMinor === 0;
    const told = (success: boolean) => () => {
      if (success && entry) effects[decision.type]?.(entry, amountMinor);
      return noticeOf(decision, entry, success, amountMinor);
    };
    if (decision.type === "CAPTURE") {
      return isFree ? { done: told(true), refused: told(false) } : { refused: told(false) };
    }
    if (decision.type === "REFUND") {
      const isThere = entry && netMinor(entry) >= amountMinor;
      return isThere ? { done: told(true), refused: told(false) } : { refused: told(false) };
    }
    if (decision.type === "CANCEL_OR_REFUND") return { done: told(true) };
    return isFree ? { done: told(true) } : { refused: told(false) };
  }

  #tellAuthorised(entry: Entry): void {
    const decision = { type: "AUTHORISATION", kind: "authorization", ours: entry.ours } as const;
    this.#decides(decision, () => ({ told: () => noticeOf(decision, entry, true) }));
  }

  #tellRefused(ours: string): void {
    const decision = { type: "AUTHORISATION", kind: "authorization", ours } as const;
    this.#decides(decision, () => ({ told: () => noticeOf(decision, undefined, false) }));
  }

  #decides(decision: Decision, ways: News["ways"]): void {
    this.#outside.tell({ name: `adyen: ${decision.type} ${nameOf(decision.ours)}`, ways });
  }

  #keep(key: string, answer: object): object {
    this.#kept.set(key, answer);
    return answer;
  }
}
