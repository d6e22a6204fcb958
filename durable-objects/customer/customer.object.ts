import { DurableObject } from "cloudflare:workers";
import { DAY_MS } from "../../schema/durations.ts";
import type { CartId } from "../../schema/ids.ts";
import { alarmTimeMs, nowMs } from "../clock.ts";

const SCHEMA = `
CREATE TABLE IF NOT EXISTS cart (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  cart_id TEXT NOT NULL,
  asked_at_ms INTEGER NOT NULL
) STRICT;
`;

const KEEP_MS = 400 * DAY_MS; // who comes back within a year and a month finds the cart, if it still is one

type CartRow = { cart_id: string; asked_at_ms: number };

/**
 * Which cart is a customer's. Its name is a pseudonym, and a cart's id is all it keeps, so it may stand in the strictest
 * region for customers of all (decision 30); that there is one lets two devices log in at once.
 */
export class CustomerObject extends DurableObject<Env> {
  /** Undefined where there is none. Looking leaves nothing behind. */
  cart(): CartId | undefined {
    const row = this.#read();
    if (row && row.asked_at_ms + DAY_MS < this.#nowMs()) this.#write(row.cart_id);
    return row?.cart_id as CartId | undefined;
  }

  /** Takes this cart where there is none, or in place of one that is no longer; answers which it is then. */
  keep(cartId: CartId, instead?: CartId): CartId {
    const present = this.#read()?.cart_id as CartId | undefined;
    if (present !== undefined && present !== instead) return present;
    this.#write(cartId);
    return cartId;
  }

  override async alarm(): Promise<void> {
    const row = this.#read();
    if (!row) return;
    if (row.asked_at_ms + KEEP_MS <= this.#nowMs()) await this.ctx.storage.deleteAll();
    else this.#arm(row.asked_at_ms);
  }

  #read(): CartRow | undefined {
    const { sql } = this.ctx.storage;
    const found = sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'cart'").toArray();
    if (found.length === 0) return undefined;
    return sql.exec<CartRow>("SELECT cart_id, asked_at_ms FROM cart").toArray()[0];
  }

  #write(cartId: string): void {
    const now = this.#nowMs();
    this.ctx.storage.transactionSync(() => {
      const { sql } = this.ctx.storage;
      sql.exec(SCHEMA);
      const insert = "INSERT INTO cart (one, cart_id, asked_at_ms) VALUES (1, ?1, ?2)";
      const update = "ON CONFLICT DO UPDATE SET cart_id = ?1, asked_at_ms = ?2";
      sql.exec(`${insert} ${update}`, cartId, now);
      this.#arm(now);
    });
  }

  #arm(askedAtMs: number): void {
    void this.ctx.storage.setAlarm(alarmTimeMs(this.env, askedAtMs + KEEP_MS));
  }

  #nowMs(): number {
    return nowMs(this.env);
  }
}
