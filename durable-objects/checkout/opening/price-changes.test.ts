import { env } from "cloudflare:workers";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { eventually } from "../../../test/eventually.ts";
import { cart, newSale, stockUp, withoutQueues } from "../testing/sale.ts";

const MINUTE_MS = 60_000;
const SALES = 100;
const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });

// A mug and a quarter off; before the change and after it.
const SEEN = eur(1299 - 325 + 490);
const RAISED = eur(1499 + 490);

beforeAll(() => stockUp("mug"));
afterEach(() => vi.restoreAllMocks());
afterAll(() => vi.useRealTimers());

/** At one stroke: the mug costs more, the promotion is over, and Germany taxes at 16 %. */
async function changeEverything(nowMs: number): Promise<void> {
  const day = new Date(nowMs).toISOString().slice(0, 10);
  await env.CATALOG.batch([
    env.CATALOG.prepare("UPDATE prices SET amount_minor = 1499 WHERE sku = 'mug'"),
    env.CATALOG.prepare(
      `UPDATE promotions SET version = 2, ends_at = '2020-01-01T00:00' WHERE code = 'FRIENDS25'`,
    ),
    env.CATALOG.prepare(
      `INSERT INTO tax_rates (country, state, tax_class, valid_from, name, rate_ppm, inclusive,
         source_url)
       VALUES ('DE', '', 'standard', ?, 'VAT', 160000, 1, 'https://example.com/lowered')`,
    ).bind(day),
  ]);
}

test("price, promotion and tax change under 100 sales: each pays what it saw, or is asked again", async () => {
  const sent = withoutQueues();
  const startMs = Date.now();
  vi.setSystemTime(startMs);
  const sales = Array.from({ length: SALES }, () => newSale());
  const opened = await Promise.all(
    sales.map((sale) => sale.create(cart({ promotionCodes: ["FRIENDS25"] }))),
  );
  for (const { body } of opened) expect(body?.quote.total).toEqual(SEEN);

  await changeEverything(startMs);
  vi.setSystemTime(startMs + 6 * MINUTE_MS); // no isolate remembers the catalogue for so long

  const [stay, change] = [sales.slice(0, SALES / 2), sales.slice(SALES / 2)];
  const paid = await Promise.all(stay.map((sale) => sale.pay("pm_visa", "k", SEEN)));
  for (const { status, body } of paid) {
    expect(status).toBe("placed");
    expect(body?.quote).toMatchObject({ total: SEEN, versions: { promotions: "friends@1" } });
  }

  const over = await Promise.all(
    change.map((sale) => sale.patch({ shippingOption: "standard" }, "same")),
  );
  for (const { refused } of over) expect(refused).toBe("promotion_not_active");
  const requoted = await Promise.all(
    change.map((sale) => sale.patch({ promotionCodes: [] }, "new")),
  );
  for (const { body } of requoted) {
    expect(body?.quote).toMatchObject({
      total: RAISED,
      tax: eur(207 + 68), // 1499 * 16/116 and 490 * 16/116
      taxes: [{ ratePpm: 160_000 }],
    });
  }
  const stale = await Promise.all(change.map((sale) => sale.pay("pm_visa", "old", SEEN)));
  for (const answer of stale) {
    expect(answer).toMatchObject({ refused: "quote_changed", detail: { total: RAISED } });
  }
  const again = await Promise.all(change.map((sale) => sale.pay("pm_visa", "k", RAISED)));
  for (const { status } of again) expect(status).toBe("placed");

  const totals = await eventually(
    async () => sales.map((sale) => sent.of(sale)[0]?.data.total),
    (all) => !all.includes(undefined),
    { withinMs: 10_000, gapMs: 20 },
  );
  expect(totals).toEqual([...stay.map(() => SEEN), ...change.map(() => RAISED)]);
}, 120_000);
