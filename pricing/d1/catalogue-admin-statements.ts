// A list is one JSON parameter: D1 binds at most 100 parameters, each of up to 2 MB.
// Source: https://developers.cloudflare.com/d1/platform/limits/

/** Facts that are left out stay, null takes one away: RFC 7396, as json_patch has it. */
export const PUT_PRODUCTS = `
  INSERT INTO products (shop_id, sku, name, tax_class, weight_grams, facts)
  SELECT ?1, value ->> 'sku', value ->> 'name', value ->> 'taxClass', value ->> 'weightGrams',
    json_patch(
      coalesce((SELECT facts FROM products WHERE shop_id = ?1 AND sku = value ->> 'sku'), '{}'),
      coalesce(value -> 'facts', '{}')
    )
  FROM json_each(?2) WHERE TRUE
  ON CONFLICT (shop_id, sku) DO UPDATE SET
    name = excluded.name, tax_class = excluded.tax_class, weight_grams = excluded.weight_grams,
    facts = excluded.facts`;

export const CLEAR_PRICES = `
  DELETE FROM prices
  WHERE shop_id = ?1 AND (sku, currency) IN (
    SELECT value ->> 'sku', value ->> 'currency' FROM json_each(?2)
  )`;

export const PUT_PRICES = `
  INSERT INTO prices (shop_id, sku, currency, valid_from_ms, valid_until_ms, amount_minor)
  SELECT ?1, value ->> 'sku', value ->> 'currency', value ->> 'validFromMs',
    value ->> 'validUntilMs', value ->> 'amountMinor'
  FROM json_each(?2)`;

/** Writes nothing where the code is another promotion's: the caller looks who has it. */
export const PUT_PROMOTION = `
  INSERT INTO promotions (shop_id, promotion_id, version, name, code, rule, exclusive, rank,
    starts_at, starts_at_ms, ends_at, ends_at_ms, uses_max, uses_per_customer_max, flag)
  SELECT ?1, ?2, 1, ?3 ->> 'name', ?3 ->> 'code', ?3 -> 'rule', ?3 ->> 'exclusive', ?3 ->> 'rank',
    ?3 ->> 'startsAt', ?3 ->> 'startsAtMs', ?3 ->> 'endsAt', ?3 ->> 'endsAtMs', ?3 ->> 'usesMax', ?3 ->> 'usesPerCustomerMax', ?3 ->> 'flag'
  WHERE NOT EXISTS (
    SELECT 1 FROM promotions
    WHERE shop_id = ?1 AND code = ?3 ->> 'code' AND promotion_id <> ?2
  )
  ON CONFLICT (shop_id, promotion_id) DO UPDATE SET
    version = version + 1, name = excluded.name, code = excluded.code, rule = excluded.rule,
    exclusive = excluded.exclusive, rank = excluded.rank, starts_at = excluded.starts_at,
    starts_at_ms = excluded.starts_at_ms, ends_at = excluded.ends_at,
    ends_at_ms = excluded.ends_at_ms, uses_max = excluded.uses_max,
    uses_per_customer_max = excluded.uses_per_customer_max, flag = excluded.flag
  WHERE (name, code, json(rule), exclusive, rank, starts_at, starts_at_ms, ends_at,
      ends_at_ms, uses_max, uses_per_customer_max, flag)
    IS NOT (excluded.name, excluded.code, json(excluded.rule), excluded.exclusive, excluded.rank,
      excluded.starts_at, excluded.starts_at_ms, excluded.ends_at, excluded.ends_at_ms, excluded.uses_max, excluded.uses_per_customer_max,
      excluded.flag)`;

/** One that has not begun loses its beginning, so it never applies; one that is over stays so. */
export const END_PROMOTION = `
  UPDATE promotions SET version = version + 1, ends_at = ?3, ends_at_ms = NULL,
    starts_at = iif(starts_at < ?3, starts_at, NULL),
    starts_at_ms = iif(starts_at_ms < ?4, starts_at_ms, NULL)
  WHERE shop_id = ?1 AND promotion_id = ?2
    AND (coalesce(ends_at, ends_at_ms) IS NULL OR ends_at > ?3 OR ends_at_ms > ?4)`;

export const CLEAR_RATES = `
  DELETE FROM shipping_rates WHERE shop_id = ?1 AND zone = ?2 AND currency = ?3`;

export const PUT_RATES = `
  INSERT INTO shipping_rates
    (shop_id, zone, currency, option, up_to_grams, name, amount_minor, rank)
  SELECT ?1, ?2, ?3, value ->> 'option', value ->> 'upToGrams', value ->> 'name',
    value ->> 'amountMinor', value ->> 'rank'
  FROM json_each(?4)`;

export const PUT_ZONE = `
  INSERT INTO shipping_zones (shop_id, country, zone) VALUES (?1, ?2, ?3)
  ON CONFLICT (shop_id, country) DO UPDATE SET zone = excluded.zone`;

export const PUT_NOTICES = `UPDATE shops SET notices = ?2 WHERE shop_id = ?1`;
export const PUT_SHIPS_FROM = `UPDATE shops SET ships_from = ?2 WHERE shop_id = ?1`;
