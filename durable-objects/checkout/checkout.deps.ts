import type { Notice } from "../../payments/notice.ts";
import { type Providers, providersFrom } from "../../payments/providers.ts";
import { plainRouting, type Routing } from "../../payments/routing.ts";
import type { QuoteRefusal, QuoteRequest } from "../../pricing/quote.ts";
import type { Line, Quote } from "../../schema/checkout.ts";
import type { CheckoutId, ShopId } from "../../schema/ids.ts";
import { isRefusal, type Refusal } from "../../schema/outcome.ts";
import { refuse } from "../../schema/refusals.ts";
import type { Unfair } from "../inventory/fairness.ts";
import type { OutOfStock } from "../inventory/inventory.ts";
import type { ShipmentRefusal } from "../inventory/movements.ts";
import type { Cards } from "./cards.ts";
import { type Carts, cartsOf } from "./carts.ts";
import type { Hold } from "./checkout.ts";
import { type Buyer, type Promotions, promotionsOf } from "./promotions.ts";
import { quotingFrom } from "./quoting.ts";
import { Shelves } from "./shelves.ts";

/** The sale whose stock is meant. */
export type Sale = { readonly shopId: ShopId; readonly checkoutId: CheckoutId };

type Accepted = { readonly ok: true };
export type AllocationOf = { readonly hold: Hold; readonly payment: number };

/** What leaves the house together: some lines of a hold, with the quantities of this parcel. */
export type ShipmentOf = {
  readonly hold: Hold;
  readonly token: string;
  readonly lines: readonly Line[];
};

/** Lines of a hold with the quantities they had and are to have. */
export type HoldChange = Omit<Hold, "lines"> & {
  readonly lines: readonly (Line & { readonly quantityBefore: number })[];
};

/** All lines or none, over one object per SKU. Every call may be repeated. */
export type Inventory = {
  hold(sale: Sale, hold: Hold): Promise<Accepted | OutOfStock | Unfair>;
  extend(sale: Sale, hold: Hold): Promise<Accepted | OutOfStock>;
  /** Changes quantities of lines that only grow, or only shrink; 0 gives a line back. */
  resize(sale: Sale, change: HoldChange): Promise<Accepted | OutOfStock | Unfair>;
  release(sale: Sale, hold: Hold): Promise<Accepted>;
  allocate(sale: Sale, allocation: AllocationOf): Promise<Accepted | OutOfStock>;
  unallocate(sale: Sale, allocation: AllocationOf): Promise<Accepted>;
  restock(sale: Sale, hold: Hold, token: string): Promise<Accepted>;
  /** Allocated pieces leave the house: quantities of this parcel, once per token. */
  ship(sale: Sale, shipment: ShipmentOf): Promise<Accepted | ShipmentRefusal>;
};

/** Everything outside that the checkout's sagas call. */
export type CheckoutDeps = {
  quote(buyer: Buyer, request: QuoteRequest, expiresAtMs: number): Promise<Quote | QuoteRefusal>;
  readonly carts: Carts;
  readonly promotions: Promotions;
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
  const promotions = promotionsOf(env);
  return {
    quote: quotingFrom(env, promotions),
    promotions,
    carts: cartsOf(env),
    inventory: inventoryOf(env),
    payments: providersFrom(env),
    routing: plainRouting,
  };
}

function inventoryOf(env: Env): Inventory {
  const at = (sale: Sale, line: Line, { spread }: Pick<Hold, "spread">) =>
    new Shelves(env, sale, { line, spread });
  return {
    hold: (sale, hold) =>
      allOrNone(hold.lines, (line) =>
        at(sale, line, hold).hold<OutOfStock | Unfair>(hold.key, (cell, quantity, part) =>
          cell.hold({ ...holdRequest(sale, hold, line), quantity, part }),
        ),
      ),
    extend: (sale, hold) =>
      allOrNone(hold.lines, (line) =>
        at(sale, line, hold).all<OutOfStock>((cell, quantity, part) =>
          cell.extend({ ...holdRequest(sale, hold, line), quantity, part }),
        ),
      ),
    resize: (sale, change) =>
      allOrNone(change.lines, (line) =>
        at(sale, line, change).resize<OutOfStock | Unfair>(change, (cell, quantity, part) => {
          const request = { ...holdRequest(sale, change, line), quantity, part };
          return cell.resize({ ...request, generation: change.generation });
        }),
      ),
    release: (sale, hold) =>
      all(hold.lines, (line) =>
        at(sale, line, hold).each((cell, _quantity, part) =>
          cell.release({ key: hold.key, checkoutId: sale.checkoutId, part }),
        ),
      ),
    allocate: (sale, { hold, payment }) =>
      allOrNone(hold.lines, (line) =>
        at(sale, line, hold).all<OutOfStock>((cell, _quantity, part) =>
          cell.allocate({ key: hold.key, sku: line.sku, payment, part }),
        ),
      ),
    unallocate: (sale, { hold, payment }) =>
      all(hold.lines, (line) =>
        at(sale, line, hold).each((cell, _quantity, part) =>
          cell.unallocate({ key: hold.key, sku: line.sku, payment, part }),
        ),
      ),
    restock: (sale, hold, token) =>
      all(hold.lines, (line) =>
        at(sale, line, hold).everywhere((cell) => cell.restock({ key: hold.key, token })),
      ),
    ship: (sale, { hold, token, lines }) =>
      shipped(lines, (line) =>
        at(sale, line, hold).each<ShipmentRefusal>((cell, quantity, part) =>
          cell.ship({ key: hold.key, token, quantity, part }),
        ),
      ),
  };
}

function holdRequest(
  { checkoutId }: Sale,
  { key, expiresAtMs, shopper, isPaying }: Omit<Hold, "lines" | "generation">,
  { sku }: Line,
) {
  return { key, checkoutId, expiresAtMs, sku, shopper, isPaying };
}

/** In parallel. Throws when one did not answer: the whole is then repeated with the same keys. */
async function all(
  lines: readonly Line[],
  call: (line: Line) => Promise<unknown>,
): Promise<Accepted> {
  await Promise.all(lines.map(call));
  return { ok: true };
}

/**
 * In parallel; one refusal refuses them all. What the others took is given back by the step's undo
 * and not here: an attempt that timed out may end after a later one succeeded.
 */
async function allOrNone<L extends Line, Code extends string>(
  lines: readonly L[],
  take: (line: L) => Promise<Accepted | Refusal<Code>>,
): Promise<Accepted | Refusal<Code> | OutOfStock> {
  const answers = await Promise.all(lines.map(take));
  const refusals = answers.filter((answer): answer is Refusal<Code> => isRefusal(answer));
  if (refusals.length === 0) return { ok: true };
  const other = refusals.find(({ refused }) => refused !== "out_of_stock");
  if (other) return other;
  return refuse("out_of_stock", { skus: refusals.map(({ detail }) => String(detail?.sku)) });
}

/** In parallel. A line that has fewer pieces left than were to leave is refused. */
async function shipped(
  lines: readonly Line[],
  ship: (line: Line) => Promise<{ readonly ok: true; readonly taken: number } | ShipmentRefusal>,
): Promise<Accepted | ShipmentRefusal> {
  const answers = await Promise.all(lines.map(ship));
  for (const [at, answer] of answers.entries()) {
    if (isRefusal(answer)) return answer;
    const { sku = "", quantity = 0 } = lines[at] ?? {};
    if (answer.taken < quantity) {
      return refuse("not_enough_stock", { sku, quantity, left: answer.taken });
    }
  }
  return { ok: true };
}
