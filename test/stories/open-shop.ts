import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type {
  CaptureMode,
  ExtraMethod,
  PaymentMethod,
  ProviderName,
} from "../../schema/payment.ts";
import type { ProviderHealthView } from "../../schema/routing.ts";
import type { StockLevels } from "../../schema/stock.ts";
import { type PostgresUrls, startStack } from "../../scripts/stack/stack.ts";
import type { AuditResult } from "../audit/audit.ts";
import type { Dumps, Told } from "../audit/dumps.ts";
import { auditAtRest, LOCAL_OPERATOR_KEY, readDumps } from "../audit/read-dumps.ts";
import { cardPayment, cartOf, checkoutIn, Storefront } from "../clients/storefront.ts";
import { adyenAt, stripeAt } from "./simulated-providers.ts";

const REST_MS = 50_000; // nearly the minute after which all is at rest; a test itself may take one

export type Shop = Awaited<ReturnType<typeof shopIn>>;

/**
 * Opens the seeded shop for one file: the real bundle on a port of its own, with its own storage and
 * simulators. Closes after the file's last test and leaves nothing behind.
 */
export async function openShop(
  vars: Record<string, string> = {},
  postgres: PostgresUrls = {},
): Promise<Shop> {
  const folder = await mkdtemp(join(tmpdir(), "tender-story-"));
  const shop = await shopIn(folder, vars, postgres);
  afterAll(async () => {
    await shop.close();
    await rm(folder, { recursive: true, force: true });
  });
  return shop;
}

/** Opens a shop over a storage folder, as often as wanted, one at a time. The caller closes it. */
export async function shopIn(
  folder: string,
  vars: Record<string, string> = {},
  postgres: PostgresUrls = {},
) {
  const { url, simulatorUrl, stop } = await startStack({
    ...{ port: 0, persistTo: folder, vars, postgres },
    simulators: true, // also behind another address of a provider
  });
  if (simulatorUrl === undefined) throw new Error("The stories need the simulators.");
  const instance = { url, simulatorUrl };
  const told: Told[] = [];
  const storefront = new Storefront(url, told);
  const clockOffsetMs = Number(vars.CLOCK_OFFSET_MS ?? 0);
  return {
    url,
    simulatorUrl,
    storefront,
    close: stop,
    stripe: stripeAt(simulatorUrl),
    adyen: adyenAt(simulatorUrl),
    /** What Unleash tells from now on, and how it behaves; what is left out stays. */
    unleash: (settings: object) => settle(`${simulatorUrl}/_simulator/unleash/control`, settings),
    /** How each carrier behaves from now on; who is left out is well. */
    carriers: (settings: object) => settle(`${simulatorUrl}/_simulator/carriers/control`, settings),
    /** How the service for import duties behaves from now on. */
    duties: (settings: object) => settle(`${simulatorUrl}/_simulator/duties/control`, settings),
    ...stockAt(url),
    ...healthAt(url),
    ...settingsAt(url),
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

function healthAt(url: string) {
  const headers = { authorization: `Bearer ${LOCAL_OPERATOR_KEY}` };
  return {
    /** As operators see it, for cards sold in Europe. Undefined before the first one. */
    cardsAt: async (provider: ProviderName): Promise<ProviderHealthView | undefined> => {
      const response = await fetch(`${url}/v1/ops/providers?region=eu`, { headers });
      const { providers } = (await response.json()) as { providers: ProviderHealthView[] };
      return providers.find((row) => row.provider === provider && row.method === "card");
    },
  };
}

/** What operators decide. New payments go by it within half a minute; a shop's first one at once. */
function settingsAt(url: string) {
  const put = async (path: string, body: object): Promise<void> => {
    const headers = {
      authorization: `Bearer ${LOCAL_OPERATOR_KEY}`,
      "content-type": "application/json",
    };
    const init = { method: "PUT", headers, body: JSON.stringify(body) };
    const response = await fetch(`${url}/v1/ops/${path}`, init);
    if (!response.ok) throw new Error(`Operators were refused: ${await response.text()}`);
  };
  return {
    /** These methods go to that provider alone; all others as before. */
    routesTo: (provider: ProviderName, ...methods: PaymentMethod[]): Promise<void> =>
      put("routing", { rules: [{ name: provider, match: { methods }, order: [[{ provider }]] }] }),
    /** Stores a promotion in the catalogue. */
    offers: (promotionId: string, terms: object): Promise<void> =>
      put(`catalogue/promotions/${promotionId}`, terms),
    switchesOn: (...extraMethods: ExtraMethod[]): Promise<void> =>
      put("settings", { extraMethods }),
    takesMoney: (captureMode: CaptureMode): Promise<void> => put("settings", { captureMode }),
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
