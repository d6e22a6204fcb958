import { createMessageBatch, type MessageBatchMessage, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import { orderStoreOf } from "../../../orders/region-order-store.ts";
import { StripeProvider } from "../../../payments/stripe/stripe.provider.ts";
import { CreateCheckout, type PatchCheckout } from "../../../schema/checkout.ts";
import type { OrderEvent } from "../../../schema/events.ts";
import { checkoutIdFrom, ShopId, Sku } from "../../../schema/ids.ts";
import { isRefusal } from "../../../schema/outcome.ts";
import type { RegionCode } from "../../../schema/regions.ts";
import { checkoutStub, inventoryStub } from "../../placement.ts";
import type { Answer } from "../sale/answers.ts";
import type { Caller } from "../sale/calls.ts";

export const demo = ShopId.parse("demo");
export const merchant: Caller = { shopId: demo, isMerchant: true };
const origin = "https://tender.test";
const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });

/** One mug to Germany, with shipping: what the seeded shop asks. */
export const MUG = eur(1299 + 490);
const STRIPE = "http://stripe.test";

export function cart(more: object = {}) {
  const customer = { email: "ada@example.com" };
  const lines = [{ sku: "mug", quantity: 1 }];
  return CreateCheckout.parse({ lines, currency: "EUR", country: "DE", customer, ...more });
}

export const card = (token: string) => ({ method: "card", tokens: { stripe: token } }) as const;

/** One sale's own object, with the calls that a storefront makes of it. */
export function newSale(region: RegionCode = "eu") {
  // Random: files that run beside each other share one provider, and its idempotency keys.
  const checkoutId = checkoutIdFrom(region, crypto.getRandomValues(new Uint8Array(17)));
  // Anew for each call: one that reached an object which then died is dead as well.
  const at = () => checkoutStub(env, demo, checkoutId);
  let secret: string | undefined;
  const caller = () => ({ shopId: demo, isMerchant: false, secret });
  const create = async (body = cart(), key = "create", fingerprint = JSON.stringify(body)) => {
    const call = { caller: caller(), checkoutId, key, fingerprint, body, origin };
    const answer = await at().create(call);
    if (!isRefusal(answer.reply)) secret = answer.reply.body.clientSecret ?? secret;
    return told(answer);
  };
  const pay = async (token = "pm_visa", key = token, expectedTotal = MUG) => {
    const body = { payment: card(token), expectedTotal };
    const fingerprint = JSON.stringify(body);
    return told(await at().pay({ caller: caller(), key, fingerprint, body, origin }));
  };
  const cancel = async (key = "cancel", fingerprint = "cancel") =>
    told(await at().cancel({ caller: caller(), key, fingerprint }));
  const patch = async (body: PatchCheckout, key = "patch") =>
    told(await at().patch({ caller: caller(), key, fingerprint: JSON.stringify(body), body }));
  const status = async () => {
    const view = await at().read(merchant);
    return isRefusal(view) ? view.refused : view.status;
  };
  const rows = (query: string) =>
    runInDurableObject(at(), (_object, { storage }) => storage.sql.exec(query).toArray());
  const stripeCalls = async () =>
    (await (await fetch(`${STRIPE}/_calls/${checkoutId}`)).json()) as readonly string[];
  return {
    ...{ checkoutId, caller, create, pay, cancel, patch, status, rows, stripeCalls },
    get stub() {
      return at();
    },
  };
}

/** What a caller hears, flat. */
function told({ reply, replayed }: Answer) {
  if (isRefusal(reply)) return { refused: reply.refused, detail: reply.detail, replayed };
  const { status, body } = reply;
  return { http: status, status: body.status, body, replayed };
}

/** A sale whose shopper is at their bank, and a provider that cannot undo anything yet. */
export async function saleAtTheBank() {
  vi.spyOn(StripeProvider.prototype, "authorize").mockResolvedValueOnce({
    ...{ provider: "stripe", method: "card", reference: "pi_away", amount: MUG },
    shopper: { type: "redirect", url: "https://bank.example/confirm" },
  });
  vi.spyOn(StripeProvider.prototype, "shopperOutcome").mockResolvedValue({ shopper: "awaited" });
  const undo = vi.spyOn(StripeProvider.prototype, "resolveAndVoid");
  undo.mockRejectedValue(new Error("away"));
  const sale = newSale();
  await sale.create();
  const answer = await sale.pay("pm_asks");
  return { sale, answer, canUndo: () => undo.mockResolvedValue({ reversal: "voided" }) };
}

export const openGate = (name: string) => fetch(`${STRIPE}/_open/${name}`);

export function stockOf(sku: string) {
  return inventoryStub(env, demo, "eu", Sku.parse(sku));
}

export async function stockUp(...skus: readonly string[]): Promise<void> {
  for (const sku of skus) await stockOf(sku).receive({ token: "test", quantity: 1000 });
}

/** Takes the queues' place: keeps what each sale sent and delivers nothing. */
export function withoutQueues() {
  let sent: OrderEvent[] = [];
  const prototype = Object.getPrototypeOf(env.EVENTS_EU) as Queue<OrderEvent>;
  vi.spyOn(prototype, "sendBatch").mockImplementation(async (messages) => {
    sent.push(...[...messages].map(({ body }) => body));
    return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };
  });
  return {
    of: ({ checkoutId }: { checkoutId: string }) =>
      sent.filter(({ data }) => data.checkoutId === checkoutId),
    forget: () => {
      sent = [];
    },
  };
}

export type Sent = ReturnType<typeof withoutQueues>;

export function batchOf(events: readonly OrderEvent[]) {
  const messages = events.map((body, at): MessageBatchMessage<OrderEvent> => {
    return { id: `m${at}`, timestamp: new Date(), attempts: 1, body };
  });
  return createMessageBatch("events-eu", messages);
}

export const storedOrder = (events: readonly OrderEvent[]) => {
  const [event] = events;
  return event && orderStoreOf(env, "eu").order(demo, event.subject);
};
