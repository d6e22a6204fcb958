import type { Cart } from "./cart.ts";

const SCHEMA = `
CREATE TABLE IF NOT EXISTS cart (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  shop_id TEXT NOT NULL,
  cart_id TEXT NOT NULL,
  currency TEXT NOT NULL,
  country TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version >= 1),
  -- JSON, in the order in which the shopper added them: read and written as one.
  lines TEXT NOT NULL,
  codes TEXT NOT NULL,
  -- The checkout that is buying it, as far as the cart knows: that one is asked if it matters.
  claimed_by TEXT,
  claims INTEGER NOT NULL CHECK (claims >= 0),
  order_id TEXT,
  touched_at_ms INTEGER NOT NULL
) STRICT;
`;

type CartRow = {
  shop_id: string;
  cart_id: string;
  currency: string;
  country: string;
  version: number;
  lines: string;
  codes: string;
  claimed_by: string | null;
  claims: number;
  order_id: string | null;
  touched_at_ms: number;
};

/** The statements of one cart object. Callers bring the transaction. */
export class CartStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Undefined where there is no cart; looking leaves nothing behind. */
  read(): Cart | undefined {
    const found = this.#sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'cart'").toArray();
    if (found.length === 0) return undefined;
    return this.#sql.exec<CartRow>("SELECT * FROM cart WHERE one = 1").toArray().map(fromRow)[0];
  }

  insert(cart: Cart): void {
    this.#sql.exec(SCHEMA);
    this.#sql.exec(
      `INSERT INTO cart (one, shop_id, cart_id, currency, country, version, lines, codes, claims,
         touched_at_ms) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      cart.shopId,
      cart.cartId,
      cart.currency,
      cart.country,
      cart.version,
      JSON.stringify(cart.lines),
      JSON.stringify(cart.codes),
      cart.claims,
      cart.touchedAtMs,
    );
  }

  update(cart: Cart): void {
    this.#sql.exec(
      `UPDATE cart SET version = ?, lines = ?, codes = ?, claimed_by = ?, claims = ?,
         order_id = ?, touched_at_ms = ? WHERE one = 1`,
      cart.version,
      JSON.stringify(cart.lines),
      JSON.stringify(cart.codes),
      cart.claimedBy ?? null,
      cart.claims,
      cart.orderId ?? null,
      cart.touchedAtMs,
    );
  }
}

/** Written by `insert` and `update` alone, so it is trusted as it stands. */
function fromRow(row: CartRow): Cart {
  const { currency, country, version, claims } = row;
  return {
    shopId: row.shop_id as Cart["shopId"],
    cartId: row.cart_id as Cart["cartId"],
    currency,
    country,
    version,
    lines: JSON.parse(row.lines),
    codes: JSON.parse(row.codes),
    ...(row.claimed_by === null
      ? {}
      : { claimedBy: row.claimed_by as Required<Cart>["claimedBy"] }),
    claims,
    ...(row.order_id === null ? {} : { orderId: row.order_id as Required<Cart>["orderId"] }),
    touchedAtMs: row.touched_at_ms,
  };
}
