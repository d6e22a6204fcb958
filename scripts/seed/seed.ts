import { shopKeys } from "../machine/local-keys.ts";
import type { Database } from "./migrate-d1.ts";
import {
  apiKeys,
  prices,
  products,
  promotions,
  shippingRates,
  shop,
  stockReceipts,
} from "./seed-data.ts";
import { taxRates } from "./tax-rates.ts";

/** One statement per table, its rows as one JSON argument. Saying it twice changes nothing. */
export const seedStatements = {
  shops: `INSERT INTO shops (shop_id, name, country, time_zone, notices, ships_from)
    SELECT value ->> 'shopId', value ->> 'name', value ->> 'country', value ->> 'timeZone',
      value -> 'notices', value -> 'shipsFrom'
    FROM json_each(?) WHERE true
    ON CONFLICT DO UPDATE SET name = excluded.name, country = excluded.country,
      time_zone = excluded.time_zone, notices = excluded.notices,
      ships_from = excluded.ships_from`,
  apiKeys: `INSERT INTO api_keys (key_hash, shop_id, kind)
    SELECT value ->> 'keyHash', value ->> 'shopId', value ->> 'kind' FROM json_each(?) WHERE true
    ON CONFLICT DO UPDATE SET shop_id = excluded.shop_id, kind = excluded.kind`,
  products: `INSERT INTO products (shop_id, sku, name, tax_class, weight_grams, facts)
    SELECT value ->> 'shopId', value ->> 'sku', value ->> 'name', value ->> 'taxClass',
      value ->> 'weightGrams', value -> 'facts'
    FROM json_each(?) WHERE true
    ON CONFLICT DO UPDATE SET name = excluded.name, tax_class = excluded.tax_class,
      weight_grams = excluded.weight_grams, facts = excluded.facts`,
  prices: `INSERT INTO prices (shop_id, sku, currency, amount_minor)
    SELECT value ->> 'shopId', value ->> 'sku', value ->> 'currency', value ->> 'amountMinor'
    FROM json_each(?) WHERE true
    ON CONFLICT DO UPDATE SET amount_minor = excluded.amount_minor`,
  taxRates: `INSERT INTO tax_rates (country, state, tax_class, valid_from, name, treatment,
      rate_ppm, inclusive, note, source_url)
    SELECT value ->> 'country', value ->> 'state', value ->> 'taxClass', value ->> 'validFrom',
      value ->> 'name', value ->> 'treatment', value ->> 'ratePpm', value ->> 'inclusive',
      value ->> 'note', value ->> 'sourceUrl'
    FROM json_each(?) WHERE true
    ON CONFLICT DO UPDATE SET name = excluded.name, treatment = excluded.treatment,
      rate_ppm = excluded.rate_ppm, inclusive = excluded.inclusive, note = excluded.note,
      source_url = excluded.source_url`,
  shippingRates: `INSERT INTO shipping_rates
      (shop_id, zone, currency, option, up_to_grams, name, amount_minor, rank)
    SELECT value ->> 'shopId', value ->> 'zone', value ->> 'currency', value ->> 'option',
      value ->> 'upToGrams', value ->> 'name', value ->> 'amountMinor', value ->> 'rank'
    FROM json_each(?) WHERE true
    ON CONFLICT DO UPDATE SET name = excluded.name, amount_minor = excluded.amount_minor,
      rank = excluded.rank`,
  promotions: `INSERT INTO promotions (shop_id, promotion_id, version, name, code, rule, exclusive,
      rank, starts_at, ends_at, uses_max, uses_per_customer_max)
    SELECT value ->> 'shopId', value ->> 'promotionId', value ->> 'version', value ->> 'name',
      value ->> 'code', value -> 'rule', value ->> 'exclusive', value ->> 'rank',
      value ->> 'startsAt', value ->> 'endsAt', value ->> 'usesMax', value ->> 'usesPerCustomerMax'
    FROM json_each(?) WHERE true
    ON CONFLICT (shop_id, promotion_id) DO UPDATE SET version = excluded.version,
      name = excluded.name, code = excluded.code, rule = excluded.rule,
      exclusive = excluded.exclusive, rank = excluded.rank, starts_at = excluded.starts_at,
      ends_at = excluded.ends_at, starts_at_ms = NULL, ends_at_ms = NULL, uses_max = excluded.uses_max,
      uses_per_customer_max = excluded.uses_per_customer_max`,
};

/** Puts the seeded shop into the catalogue, in one transaction. Safe to repeat. */
export async function seedCatalogue(catalogue: Database): Promise<void> {
  const rows = {
    shops: [shop],
    apiKeys: await hashedKeys(),
    products,
    prices,
    taxRates,
    shippingRates,
    promotions,
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
