import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { StockLevels } from "../../schema/stock.ts";
import { startStack } from "../../scripts/stack.ts";
import type { AuditResult } from "../audit/audit.ts";
import {
  AdyenLedgerRow,
  type Dumps,
  type LedgerRow,
  ledgerRowOf,
  type Told,
} from "../audit/dumps.ts";
import { auditAtRest, LOCAL_OPERATOR_KEY, readDumps } from "../audit/read-dumps.ts";
import { type Checkout, cardPayment, cartOf, checkoutIn, Storefront } from "../storefront.ts";

const REST_MS = 50_000; // nearly the minute after which all is at rest; a test itself may take one

export type Fault = {
  readonly operation: "authorize" | "capture" | "cancel" | "refund" | "lookup" | "any";
  readonly kind: string;
  readonly times?: number;
  readonly metadataCheckoutId?: string;
};

export type Shop = Awaited<ReturnType<typeof shopIn>>;

/**
 * Opens the seeded shop for one file: the real bundle on a port of its own, with its own storage and
 * simulators. Closes after the file's last test and leaves nothing behind.
 */
export async function openShop(vars: Record<string, string> = {}): Promise<Shop> {
  const folder = await mkdtemp(join(tmpdir(), "tender-story-"));
  const shop = await shopIn(folder, vars);
  afterAll(async () => {
    await shop.close();
    await rm(folder, { recursive: true, force: true });
  });
  return shop;
}

/** Opens a shop over a storage folder, as often as wanted, one at a time. The caller closes it. */
export async function shopIn(folder: string, vars: Record<string, string> = {}) {
  const { url, simulatorUrl, stop } = await startStack({ port: 0, persistTo: folder, vars });
  if (simulatorUrl === undefined) throw new Error("The stories need the simulators.");
  const instance = { url, simulatorUrl };
  const told: Told[] = [];
  const storefront = new Storefront(url, told);
  const clockOffsetMs = Number(vars.CLOCK_OFFSET_MS ?? 0);
  return {
    url,
    storefront,
    close: stop,
    stripe: stripeAt(simulatorUrl),
    adyen: adyenAt(simulatorUrl),
    /** What Unleash tells from now on, and how it behaves; what is left out stays. */
    unleash: (settings: object) => settle(`${simulatorUrl}/_simulator/unleash/control`, settings),
    /** How each carrier behaves from now on; who is left out is well. */
    carriers: (settings: object) => settle(`${simulatorUrl}/_simulator/carriers/control`, settings),
    ...stockAt(url),
    ...salesAt(storefront),
    dumps: (): Promise<Dumps> => readDumps(instance),
    /** What is wrong once everything has come to rest; both lists must be empty. */
    audit: async (): Promise<Pick<AuditResult, "violations" | "unfinished">> => {
      const patience = { withinMs: REST_MS, clockOffsetMs };
      const { violations, unfinished } = await auditAtRest(instance, told, patience);
      return { violations, unfinished };
    },
  };
}

async function settle(url: string, settings: object): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(settings) });
  if (!response.ok) throw new Error(`The simulator refused: ${await response.text()}`);
}

/** What every story's last audit must say. */
export const CLEAN = { violations: [], unfinished: [] };

/** The two calls of most stories, with the shopper's total filled in. */
function salesAt(storefront: Storefront) {
  return {
    open: async (sku: string, quantity = 1) =>
      checkoutIn(await storefront.create(cartOf(sku, quantity))),
    pay: (checkout: Awaited<ReturnType<typeof checkoutIn>>, card: string, key?: string) =>
      storefront.pay(checkout, cardPayment(card, checkout.total), key === undefined ? {} : { key }),
  };
}

function stripeAt(simulatorUrl: string) {
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
    /** How often which fault struck, as the simulator counted. */
    calls: async (): Promise<{ faultsByOperation: Record<string, number> }> => {
      const response = await fetch(`${simulatorUrl}/_simulator/stripe/calls`);
      return (await response.json()) as { faultsByOperation: Record<string, number> };
    },
  };
}

function adyenAt(simulatorUrl: string) {
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
    /** A dispute, an expiry: what happens to a payment without us. */
    tells: (eventCode: string, pspReference: string): Promise<void> =>
      post("events", { eventCode, pspReference }),
  };
}

function stockAt(url: string) {
  const headers = { authorization: `Bearer ${LOCAL_OPERATOR_KEY}` };
  const answered = async (response: Response): Promise<StockLevels> => {
    const text = await response.text();
    if (!response.ok) throw new Error(`Stock answered ${response.status}: ${text}`);
    return JSON.parse(text) as StockLevels;
  };
  return {
    stock: async (sku: string, region = "eu") =>
      answered(await fetch(`${url}/v1/ops/stock/${region}/${sku}`, { headers })),
    receive: async (sku: string, quantity: number, movementId: string, region = "eu") =>
      answered(
        await fetch(`${url}/v1/ops/stock`, {
          method: "POST",
          headers: { ...headers, "content-type": "application/json" },
          body: JSON.stringify({ region, sku, quantity, movementId }),
        }),
      ),
  };
}
