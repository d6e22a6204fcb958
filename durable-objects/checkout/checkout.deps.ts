import type { Notice } from "../../payments/notice.ts";
import { type Providers, providersFrom } from "../../payments/providers.ts";
import { plainRouting, type Routing } from "../../payments/routing.ts";
import { D1Catalog } from "../../pricing/d1-catalog.ts";
import { type QuoteRefusal, type QuoteRequest, quote } from "../../pricing/quote.ts";
import type { Line, Quote } from "../../schema/checkout.ts";
import { type CheckoutId, regionOf, type ShopId } from "../../schema/ids.ts";
import { isRefusal } from "../../schema/outcome.ts";
import { refuse } from "../../schema/refusals.ts";
import { nowMs } from "../clock.ts";
import type { OutOfStock } from "../inventory/inventory.ts";
import { inventoryStub } from "../placement.ts";
import type { Cards } from "./cards.ts";
import { type Carts, cartsOf } from "./carts.ts";
import type { Hold } from "./checkout.ts";

/** The sale whose stock is meant. */
export type Sale = { readonly shopId: ShopId; readonly checkoutId: CheckoutId };

type Accepted = { readonly ok: true };
export type AllocationOf = { readonly hold: Hold; readonly payment: number };

/** Lines of a hold with the quantities they had and are to have. */
export type HoldChange = {
  readonly key: string;
  readonly generation: number;
  readonly expiresAtMs: number;
  readonly lines: readonly (Line & { readonly quantityBefore: number })[];
};

/** All lines or none, over one object per SKU. Every call may be repeated. */
export type Inventory = {
  hold(sale: Sale, hold: Hold): Promise<Accepted | OutOfStock>;
  extend(sale: Sale, hold: Hold): Promise<Accepted | OutOfStock>;
  /** Changes quantities of lines that only grow, or only shrink; 0 gives a line back. */
  resize(sale: Sale, change: HoldChange): Promise<Accepted | OutOfStock>;
  release(sale: Sale, hold: Hold): Promise<Accepted>;
  allocate(sale: Sale, allocation: AllocationOf): Promise<Accepted | OutOfStock>;
  unallocate(sale: Sale, allocation: AllocationOf): Promise<Accepted>;
  restock(sale: Sale, hold: Hold, token: string): Promise<Accepted>;
};

/** Everything outside that the checkout's sagas call. */
export type CheckoutDeps = {
  quote(shopId: ShopId, request: QuoteRequest, expiresAtMs: number): Promise<Quote | QuoteRefusal>;
  readonly carts: Carts;
  readonly inventory: Inventory;
  readonly payments: Providers;
  readonly routing: Routing;
  /** What providers told of this very sale. */
  heard(): readonly Notice[];
  /** Encrypted cards of this very sale. */
  readonly cards: Cards;
};

/** What is the same for every sale of an isolate, and what is one sale's own. */
type Shared = Omit<CheckoutDeps, "heard" | "cards">;
type Own = Pick<CheckoutDeps, "heard" | "cards">;

const sharedOf = new WeakMap<Env, Shared>();

/** Most of it is made once an isolate: a new object is made for each sale, and should cost little. */
export function checkoutDeps(env: Env, own: Own): CheckoutDeps {
  const known = sharedOf.get(env);
  if (known) return { ...known, ...own };
  const shared = sharedDeps(env);
  sharedOf.set(env, shared);
  return { ...shared, ...own };
}

function sharedDeps(env: Env): Shared {
  return {
    quote: (shopId, request, expiresAtMs) => {
      const catalog = new D1Catalog(env.CATALOG, shopId, () => nowMs(env));
      return quote(catalog, request, expiresAtMs);
    },
    carts: cartsOf(env),
    inventory: inventoryOf(env),
    payments: providersFrom(env),
    routing: plainRouting,
  };
}

function inventoryOf(env: Env): Inventory {
  const stub = ({ shopId, checkoutId }: Sale, { sku }: Line) =>
    inventoryStub(env, shopId, regionOf(checkoutId), sku);
  const holdRequest = ({ checkoutId }: Sale, { key, expiresAtMs }: Hold, line: Line) => ({
    key,
    checkoutId,
    expiresAtMs,
    ...line,
  });
  return {
    hold: (sale, hold) =>
      allOrNone(hold.lines, (line) => stub(sale, line).hold(holdRequest(sale, hold, line))),
    extend: (sale, hold) =>
      allOrNone(hold.lines, (line) => stub(sale, line).extend(holdRequest(sale, hold, line))),
    resize: (sale, { key, generation, expiresAtMs, lines }) =>
      allOrNone(lines, ({ sku, quantity }) => {
        const { shopId, checkoutId } = sale;
        const request = { key, checkoutId, sku, quantity, generation, expiresAtMs };
        return inventoryStub(env, shopId, regionOf(checkoutId), sku).resize(request);
      }),
    release: (sale, { key, lines }) =>
      all(lines, (line) => stub(sale, line).release({ key, checkoutId: sale.checkoutId })),
    allocate: (sale, { hold, payment }) =>
      allOrNone(hold.lines, (line) =>
        stub(sale, line).allocate({ key: hold.key, sku: line.sku, payment }),
      ),
    unallocate: (sale, { hold: { key, lines }, payment }) =>
      all(lines, (line) => stub(sale, line).unallocate({ key, sku: line.sku, payment })),
    restock: (sale, { key, lines }, token) =>
      all(lines, (line) => stub(sale, line).restock({ key, token })),
  };
}

/** In parallel. Throws when one did not answer: the whole is then repeated with the same keys. */
async function all(
  lines: readonly Line[],
  call: (line: Line) => Promise<Accepted>,
): Promise<Accepted> {
  await Promise.all(lines.map(call));
  return { ok: true };
}

/**
 * In parallel; one refusal refuses them all. What the others took is given back by the step's undo
 * and not here: an attempt that timed out may end after a later one succeeded.
 */
async function allOrNone<L extends Line>(
  lines: readonly L[],
  take: (line: L) => PromiseLike<Accepted | OutOfStock>,
): Promise<Accepted | OutOfStock> {
  const answers = await Promise.all(lines.map(take));
  const refusals = answers.filter((answer) => isRefusal(answer));
  if (refusals.length === 0) return { ok: true };
  return refuse("out_of_stock", { skus: refusals.map(({ detail }) => String(detail?.sku)) });
}
