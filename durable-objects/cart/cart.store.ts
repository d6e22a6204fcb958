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

/** Beside the cart, where it belongs to somebody or has gone elsewhere: most carts have no such row. */
const MORE_SCHEMA = `
CREATE TABLE IF NOT EXISTS more (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  -- JSON: whose it is, where its goods went, which carts came to it.
  document TEXT NOT NULL
) STRICT;
`;

type More = Pick<Cart, "customer" | "leaving" | "departures" | "joined">;

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
    const row = this.#sql.exec<CartRow>("SELECT * FROM cart WHERE one = 1").toArray()[0];
    return row && { ...fromRow(row), ...this.#more() };
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
    this.#writeMore(cart);
  }

  update(cart: Cart): void {
    this.#sql.exec(
      `UPDATE cart SET currency = ?, country = ?, version = ?, lines = ?, codes = ?, claimed_by = ?, claims = ?,
         order_id = ?, touched_at_ms = ? WHERE one = 1`,
      cart.currency,
      cart.country,
      cart.version,
      JSON.stringify(cart.lines),
      JSON.stringify(cart.codes),
      cart.claimedBy ?? null,
      cart.claims,
      cart.orderId ?? null,
      cart.touchedAtMs,
    );
    this.#writeMore(cart);
  }

  #more(): More {
    const found = this.#sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'more'").toArray();
    if (found.length === 0) return {};
    const rows = this.#sql.exec<{ document: string }>("SELECT document FROM more").toArray();
    return rows[0] ? JSON.parse(rows[0].document) : {};
  }

  #writeMore({ customer, leaving, departures, joined }: Cart): void {
    const document = JSON.stringify({ customer, leaving, departures, joined });
    if (document === JSON.stringify(this.#more())) return;
    this.#sql.exec(MORE_SCHEMA);
    const insert = "INSERT INTO more (one, document) VALUES (1, ?1)";
    this.#sql.exec(`${insert} ON CONFLICT DO UPDATE SET document = ?1`, document);
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
