import type { PaymentProvider } from "../../../payments/provider.ts";
import { isRefusal } from "../../../schema/outcome.ts";
import type { ProviderName } from "../../../schema/payment.ts";
import { attemptOf, type Ledger, stands } from "./provider-ledger.ts";

/** What the object may know of an attempt's money at a provider. */
type Standing = "unknown" | "held" | "none";
type Request = { readonly paymentReference: string; readonly amount?: { amountMinor: number } };

const moneyCalls = ["authorize", "capture", "refund", "resolveAndVoid", "reverse"];

/** Stands between the object and the providers, and notes what it does that it must not. */
export class Witness {
  readonly #ledger: Ledger;
  readonly #totalMinor: number;
  readonly findings: string[] = [];
  /** By attempt and provider: "1/stripe". */
  readonly standing = new Map<string, Standing>();
  /** The money call that is out of a payment. */
  readonly out = new Map<string, string>();

  constructor(ledger: Ledger, totalMinor: number) {
    this.#ledger = ledger;
    this.#totalMinor = totalMinor;
  }

  /** The provider as an isolate sees it that lives as long as `isAlive` says. */
  watch(provider: PaymentProvider, name: ProviderName, isAlive: () => boolean): PaymentProvider {
    const get = (target: PaymentProvider, method: keyof PaymentProvider) => {
      const isMoney = moneyCalls.includes(method);
      return (request: Request, ...rest: unknown[]) => {
        // The dead ask for nothing, and hear nothing.
        if (!isAlive()) return new Promise(() => undefined);
        const call = () =>
          (target[method] as (...all: unknown[]) => Promise<unknown>)(request, ...rest);
        return isMoney ? this.#money(method, name, request, call) : call();
      };
    };
    return new Proxy(provider, { get } as ProxyHandler<PaymentProvider>);
  }

  /** A crash leaves no call out. */
  crashed(): void {
    this.out.clear();
  }

  async #money(
    method: string,
    provider: ProviderName,
    request: Request,
    call: () => Promise<unknown>,
  ): Promise<unknown> {
    const payment = `${attemptOf(request.paymentReference)}/${provider}`;
    const before = this.out.get(payment);
    if (before) this.findings.push(`${method} goes out while ${before} of ${payment} is out`);
    if (method === "authorize") this.#mayAuthorize(payment, request);
    this.out.set(payment, method);
    try {
      const answer = await call();
      this.#answered(method, payment, request, answer);
      return answer;
    } finally {
      if (this.out.get(payment) === method) this.out.delete(payment);
    }
  }

  /** Nobody is tried while money stands, or may stand, at anybody. */
  #mayAuthorize(payment: string, { amount }: Request): void {
    if (amount?.amountMinor !== this.#totalMinor) {
      this.findings.push(`I6: ${amount?.amountMinor} is authorized, not ${this.#totalMinor}`);
    }
    for (const [other, standing] of this.standing) {
      if (other === payment || standing === "none") continue;
      this.findings.push(`I9: ${payment} is tried while ${other} is ${standing}`);
    }
    this.standing.set(payment, "unknown");
  }

  #answered(method: string, payment: string, request: Request, answer: unknown): void {
    if (method === "authorize") this.standing.set(payment, isRefusal(answer) ? "none" : "held");
    if (method !== "resolveAndVoid" && method !== "reverse") return;
    this.standing.set(payment, "none");
    const provider = payment.endsWith("stripe") ? "stripe" : "adyen";
    const entry = this.#ledger.find(provider, request.paymentReference);
    if (entry && stands(entry) && !entry.isLate)
      this.findings.push(`${payment} went back, and its money stands`);
  }
}
