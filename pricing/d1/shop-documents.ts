import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { ShopId } from "../../schema/ids.ts";
import { assert } from "../../schema/outcome.ts";
import { ShipsFrom, ShopNotices } from "../../schema/shop-notices.ts";
import { PUT_NOTICES, PUT_SHIPS_FROM } from "./catalogue-admin-statements.ts";
import { shops } from "./catalogue-tables.ts";

/** What a shop says of itself, a document each, as operators change them. */
export class ShopDocuments {
  readonly #d1: D1Database;
  readonly #shopId: ShopId;

  constructor(d1: D1Database, shopId: ShopId) {
    this.#d1 = d1;
    this.#shopId = shopId;
  }

  /** Throws: when there is no such shop. */
  async notices(): Promise<ShopNotices> {
    return ShopNotices.parse({ notices: (await this.#shop()).notices });
  }

  /** Instead of all of before. Quotes see them once their isolate has read the shop anew. */
  async putNotices({ notices }: ShopNotices): Promise<void> {
    await this.#d1.prepare(PUT_NOTICES).bind(this.#shopId, JSON.stringify(notices)).run();
  }

  async shipsFrom(): Promise<ShipsFrom> {
    return ShipsFrom.parse({ shipsFrom: (await this.#shop()).shipsFrom });
  }

  async putShipsFrom({ shipsFrom }: ShipsFrom): Promise<void> {
    await this.#d1.prepare(PUT_SHIPS_FROM).bind(this.#shopId, JSON.stringify(shipsFrom)).run();
  }

  async #shop() {
    const [shop] = await drizzle(this.#d1)
      .select({ notices: shops.notices, shipsFrom: shops.shipsFrom })
      .from(shops)
      .where(eq(shops.shopId, this.#shopId));
    assert(shop, "a key belongs to a shop");
    return shop;
  }
}
