import { AdyenLedgerRow, type LedgerRow, ledgerRowOf } from "../audit/dumps.ts";
import type { Checkout } from "../clients/storefront.ts";

type Fault = {
  readonly operation: "authorize" | "capture" | "cancel" | "refund" | "lookup" | "any";
  readonly kind: string;
  readonly times?: number;
  /** The rule ends after so much real time. */
  readonly forMs?: number;
  readonly metadataCheckoutId?: string;
};

/** What a merchant does in a provider's own dashboard. */
type DashboardAct = "capture" | "refund" | "cancel";

/** The simulated Stripe, as stories see and move it. */
export function stripeAt(simulatorUrl: string) {
  const ledger = async (): Promise<readonly LedgerRow[]> => {
    const response = await fetch(`${simulatorUrl}/_simulator/stripe/ledger`);
    const lines = (await response.text()).split("\n").filter((line) => line !== "");
    return lines.map((line) => JSON.parse(line) as LedgerRow);
  };
  const control = async (settings: object): Promise<void> => {
    const response = await fetch(`${simulatorUrl}/_simulator/stripe/control`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(settings),
    });
    if (!response.ok) throw new Error(`The simulator refused: ${await response.text()}`);
  };
  const paymentsOf = async ({ checkoutId }: Checkout) =>
    (await ledger()).filter(({ metadata }) => metadata.checkout_id === checkoutId);
  return {
    ledger,
    paymentsOf,
    captured: async (checkout: Checkout): Promise<number[]> =>
      (await paymentsOf(checkout))
        .filter(({ amountReceived }) => amountReceived > 0)
        .map(({ amountReceived, amountRefunded }) => amountReceived - amountRefunded),
    /** From now on these calls fail; an empty list makes the provider well again. */
    fails: (faults: readonly Fault[]): Promise<void> => control({ faults }),
    control,
    /** The shopper's bank opens a dispute, or decides it. */
    disputes: async (payment_intent: string, status: "open" | "won" | "lost"): Promise<void> => {
      const response = await fetch(`${simulatorUrl}/_simulator/stripe/disputes`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ payment_intent, status }),
      });
      if (!response.ok) throw new Error(`The bank refused: ${await response.text()}`);
    },
    /** The merchant acts by hand, in Stripe's dashboard. */
    byHand: async (payment_intent: string, act: DashboardAct, amount?: number): Promise<void> => {
      const response = await fetch(`${simulatorUrl}/_simulator/stripe/dashboard`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ payment_intent, act, amount }),
      });
      if (!response.ok) throw new Error(`The dashboard refused: ${await response.text()}`);
    },
    /** Time passes there alone: what waits for shoppers runs out. Webhooks are then signed by the present clock again. */
    timePasses: async (ms: number): Promise<void> => {
      await control({ clockShiftMs: ms });
      await control({ clockShiftMs: 0 });
    },
    /** What the shopper does at their bank, without a browser. */
    shopper: async (payment: string, act: "approve" | "decline" | "abandon"): Promise<void> => {
      const response = await fetch(`${simulatorUrl}/_simulator/stripe/shopper/${payment}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ act }),
      });
      if (!response.ok) throw new Error(`The bank refused: ${await response.text()}`);
    },
    /** How often which fault struck, as the simulator counted. */
    calls: async (): Promise<{ faultsByOperation: Record<string, number> }> => {
      const response = await fetch(`${simulatorUrl}/_simulator/stripe/calls`);
      return (await response.json()) as { faultsByOperation: Record<string, number> };
    },
  };
}

/** The simulated Adyen, its ledger in the words of every ledger. */
export function adyenAt(simulatorUrl: string) {
  const at = `${simulatorUrl}/_simulator/adyen`;
  const post = async (path: string, body: object): Promise<void> => {
    const response = await fetch(`${at}/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`The simulator refused: ${await response.text()}`);
  };
  const ledger = async (): Promise<readonly LedgerRow[]> => {
    const lines = (await (await fetch(`${at}/ledger`)).text()).split("\n").filter(Boolean);
    return lines.map((line) => ledgerRowOf(AdyenLedgerRow.parse(JSON.parse(line))));
  };
  return {
    ledger,
    paymentsOf: async ({ checkoutId }: Checkout) =>
      (await ledger()).filter(({ metadata }) => metadata.checkout_id === checkoutId),
    fails: (faults: readonly Fault[]): Promise<void> => post("control", { faults }),
    control: (settings: object) => post("control", settings),
    /** Time passes there alone: what waits for shoppers runs out. */
    timePasses: async (ms: number): Promise<void> => {
      await post("control", { clockShiftMs: ms });
      await post("control", { clockShiftMs: 0 });
    },
    /** The shopper's page of a payment that waits, as a developer finds it. */
    pageOf: async (pspReference: string): Promise<string> => {
      const [, rest = ""] = (await (await fetch(at)).text()).split(`<code>${pspReference}</code>`);
      const path = /href="([^"]+)">shopper/.exec(rest)?.[1];
      if (path === undefined) throw new Error(`No page waits for ${pspReference}`);
      return new URL(path, at).href;
    },
    calls: async (): Promise<{ faultsByOperation: Record<string, number> }> =>
      (await fetch(`${at}/calls`)).json() as Promise<{ faultsByOperation: Record<string, number> }>,
    /** The merchant acts by hand, in the Customer Area; without a reference it bears the payment's. */
    byHand: (pspReference: string, act: DashboardAct, amount?: number, reference?: string) =>
      post("customer-area", { pspReference, act, amount, reference }),
    /** A dispute, an expiry: what happens to a payment without us. */
    tells: (eventCode: string, pspReference: string): Promise<void> =>
      post("events", { eventCode, pspReference }),
  };
}
