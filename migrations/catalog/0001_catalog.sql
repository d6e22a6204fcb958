-- What every region reads and only operators write: shops, keys, products, prices, tax, shipping.

CREATE TABLE shops (
  shop_id TEXT PRIMARY KEY,
  name TEXT NOT NULL
) STRICT;

CREATE TABLE api_keys (
  -- SHA-256 of the key, hex: the key itself is shown once and stored nowhere.
  key_hash TEXT PRIMARY KEY,
  shop_id TEXT NOT NULL REFERENCES shops (shop_id),
  kind TEXT NOT NULL CHECK (kind IN ('publishable', 'secret', 'operator'))
) STRICT;

CREATE TABLE products (
  shop_id TEXT NOT NULL REFERENCES shops (shop_id),
  sku TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (shop_id, sku)
) STRICT, WITHOUT ROWID;

CREATE TABLE prices (
  shop_id TEXT NOT NULL,
  sku TEXT NOT NULL,
  currency TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
  PRIMARY KEY (shop_id, sku, currency),
  FOREIGN KEY (shop_id, sku) REFERENCES products (shop_id, sku)
) STRICT, WITHOUT ROWID;

-- A rate without a source and a date has no place here: the quote is refused instead.
CREATE TABLE tax_rates (
  country TEXT NOT NULL,
  -- '' is the whole country's rate, used when the address names no state. A country with rows for
  -- its states refuses a state that has none.
  state TEXT NOT NULL,
  name TEXT NOT NULL,
  -- Parts per million, 19 % is 190000: some American states tax in eighths of a percent.
  rate_ppm INTEGER NOT NULL CHECK (rate_ppm BETWEEN 0 AND 1000000),
  -- 1 where prices are shown with tax, 0 where tax comes on top.
  inclusive INTEGER NOT NULL CHECK (inclusive IN (0, 1)),
  source_url TEXT NOT NULL CHECK (source_url LIKE 'https://%'),
  valid_from TEXT NOT NULL,
  PRIMARY KEY (country, state)
) STRICT, WITHOUT ROWID;

CREATE TABLE shipping_options (
  shop_id TEXT NOT NULL REFERENCES shops (shop_id),
  region TEXT NOT NULL,
  currency TEXT NOT NULL,
  option TEXT NOT NULL,
  name TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
  -- The first option of the lowest rank is taken when the shopper names none.
  rank INTEGER NOT NULL,
  PRIMARY KEY (shop_id, region, currency, option)
) STRICT, WITHOUT ROWID;
