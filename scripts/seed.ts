import { shopKeys } from "./local-keys.ts";
import type { Database } from "./migrate.ts";
import { apiKeys, prices, products, shippingOptions, shop, stockReceipts } from "./seed-data.ts";
import { taxRates } from "./tax-rates.ts";

/** One statement per table, its rows as one JSON argument. Saying it twice changes nothing. */
export const seedStatements = {
  shops: `INSERT INTO shops (shop_id, name)
    SELECT value ->> 'shopId', value ->> 'name' FROM json_each(?) WHERE true
    ON CONFLICT DO UPDATE SET name = excluded.name`,
  apiKeys: `INSERT INTO api_keys (key_hash, shop_id, kind)
    SELECT value ->> 'keyHash', value ->> 'shopId', value ->> 'kind' FROM json_each(?) WHERE true
    ON CONFLICT DO UPDATE SET shop_id = excluded.shop_id, kind = excluded.kind`,
  products: `INSERT INTO products (shop_id, sku, name)
    SELECT value ->> 'shopId', value ->> 'sku', value ->> 'name' FROM json_each(?) WHERE true
    ON CONFLICT DO UPDATE SET name = excluded.name`,
  prices: `INSERT INTO prices (shop_id, sku, currency, amount_minor)
    SELECT value ->> 'shopId', value ->> 'sku', value ->> 'currency', value ->> 'amountMinor'
    FROM json_each(?) WHERE true
    ON CONFLICT DO UPDATE SET amount_minor = excluded.amount_minor`,
  taxRates: `INSERT INTO tax_rates (country, state, name, rate_ppm, inclusive, source_url, valid_from)
    SELECT value ->> 'country', value ->> 'state', value ->> 'name', value ->> 'ratePpm',
      value ->> 'inclusive', value ->> 'sourceUrl', value ->> 'validFrom'
    FROM json_each(?) WHERE true
    ON CONFLICT DO UPDATE SET name = excluded.name, rate_ppm = excluded.rate_ppm,
      inclusive = excluded.inclusive, source_url = excluded.source_url,
      valid_from = excluded.valid_from`,
  shippingOptions: `INSERT INTO shipping_options
      (shop_id, region, currency, option, name, amount_minor, rank)
    SELECT value ->> 'shopId', value ->> 'region', value ->> 'currency', value ->> 'option',
      value ->> 'name', value ->> 'amountMinor', value ->> 'rank'
    FROM json_each(?) WHERE true
    ON CONFLICT DO UPDATE SET name = excluded.name, amount_minor = excluded.amount_minor,
      rank = excluded.rank`,
};

/** Puts the seeded shop into the catalogue, in one transaction. Safe to repeat. */
export async function seedCatalogue(catalogue: Database): Promise<void> {
  const rows = {
    shops: [shop],
    apiKeys: await hashedKeys(),
    products,
    prices,
    taxRates,
    shippingOptions,
  };
  const tables = Object.keys(seedStatements) as (keyof typeof seedStatements)[];
  await catalogue.batch(
    tables.map((table) =>
      catalogue.prepare(seedStatements[table]).bind(JSON.stringify(rows[table])),
    ),
  );
}

/** Books the seeded stock into a running platform. Safe to repeat: each movement counts once. */
export async function seedStock(url: string): Promise<void> {
  await Promise.all(
    stockReceipts.map(async (receipt) => {
      const response = await fetch(`${url}/v1/ops/stock`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${shopKeys.operator}`,
          "content-type": "application/json",
          "idempotency-key": receipt.movementId,
        },
        body: JSON.stringify(receipt),
      });
      const body = await response.text();
      if (!response.ok) {
        throw new Error(`Stock of ${receipt.sku} in ${receipt.region}: ${response.status} ${body}`);
      }
    }),
  );
}

async function hashedKeys() {
  return Promise.all(
    apiKeys.map(async ({ key, kind }) => ({
      keyHash: await sha256Hex(key),
      shopId: shop.shopId,
      kind,
    })),
  );
}

async function sha256Hex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
