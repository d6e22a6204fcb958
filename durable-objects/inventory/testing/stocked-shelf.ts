import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, vi } from "vitest";
import { CheckoutId, ShopId, Sku } from "../../../schema/ids.ts";
import { inventoryStub } from "../../placement.ts";
import { BACKSTOP_GRACE_MS } from "../inventory.ts";

export const MINUTE_MS = 60_000;
export const GRACE_MS = BACKSTOP_GRACE_MS;
export const DAY_MS = 24 * 60 * MINUTE_MS;
export const START_MS = Date.parse("2027-01-01T00:00:00.000Z"); // later than any real alarm could ring
export const checkoutId = CheckoutId.parse("chk_eu_0123456789abcdefghjkmnpqrs");
export const ACCEPTED = { ok: true };

let shelves = 0;

/** One SKU's own object with so many pieces, at a time that stands still. */
export async function shelf(pieces: number) {
  vi.setSystemTime(START_MS);
  const sku = Sku.parse(`sku-${++shelves}`);
  const stock = inventoryStub(env, ShopId.parse("demo"), "eu", sku);
  if (pieces > 0) await stock.receive({ token: "first", quantity: pieces });
  const request = (key: string, quantity = 1, expiresAtMs = START_MS + 30 * MINUTE_MS) => ({
    key,
    checkoutId,
    sku,
    quantity,
    expiresAtMs,
  });
  const released = (key: string) => ({ key, checkoutId });
  const paid = (key: string, payment = 1) => ({ key, sku, payment });
  const levels = async () => {
    const { received, available, held, allocated, gone } = await stock.levels();
    expect(received).toBe(available + held + allocated + gone);
    return { available, held, allocated };
  };
  const alarmAtMs = () => runInDurableObject(stock, (_object, { storage }) => storage.getAlarm());
  const soldOut = (available: number) => ({ refused: "out_of_stock", detail: { sku, available } });
  return { sku, stock, request, released, paid, levels, alarmAtMs, soldOut };
}
