-- Prices with validity windows, tax by class and date, shipping by weight and zone, promotions.

-- Where the shop is established, and whose clock its promotions follow (IANA name).
ALTER TABLE shops ADD COLUMN country TEXT;
ALTER TABLE shops ADD COLUMN time_zone TEXT NOT NULL DEFAULT 'UTC';

ALTER TABLE products ADD COLUMN tax_class TEXT NOT NULL DEFAULT 'standard';
ALTER TABLE products ADD COLUMN weight_grams INTEGER NOT NULL DEFAULT 0
  CHECK (weight_grams >= 0);

CREATE TABLE dated_prices (
  shop_id TEXT NOT NULL,
  sku TEXT NOT NULL,
  currency TEXT NOT NULL,
  -- Epoch ms; 0 is "ever since". Of several that hold, the one that began last is the price: a
  -- sale's price lies over the usual one and ends by itself.
  valid_from_ms INTEGER NOT NULL DEFAULT 0 CHECK (valid_from_ms >= 0),
  -- The first moment at which it no longer holds; NULL for no end.
  valid_until_ms INTEGER CHECK (valid_until_ms > valid_from_ms),
  amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
  PRIMARY KEY (shop_id, sku, currency, valid_from_ms),
  FOREIGN KEY (shop_id, sku) REFERENCES products (shop_id, sku)
) STRICT, WITHOUT ROWID;
INSERT INTO dated_prices (shop_id, sku, currency, amount_minor)
  SELECT shop_id, sku, currency, amount_minor FROM prices;
DROP TABLE prices;
ALTER TABLE dated_prices RENAME TO prices;

-- A rate without a source and a date has no place here: the quote is refused instead.
CREATE TABLE dated_tax_rates (
  country TEXT NOT NULL,
  -- '' is the whole country's rate, used when the address names no state. A country with rows for
  -- its states refuses a state that has none.
  state TEXT NOT NULL,
  -- A product's class needs a row of its own here, unless the place has no taxes at all.
  tax_class TEXT NOT NULL DEFAULT 'standard',
  -- ISO 8601 days. The latest row that has begun holds.
  valid_from TEXT NOT NULL CHECK (valid_from LIKE '____-__-__'),
  valid_until TEXT CHECK (valid_until >= valid_from),
  name TEXT NOT NULL,
  -- Why a rate may be zero: nobody taxes there, the class is zero-rated, or the goods are exported.
  treatment TEXT NOT NULL DEFAULT 'taxed'
    CHECK (treatment IN ('taxed', 'no_tax', 'zero_rated', 'export')),
  -- Parts per million, 19 % is 190000: some American states tax in eighths of a percent.
  rate_ppm INTEGER NOT NULL CHECK (rate_ppm BETWEEN 0 AND 1000000),
  -- 1 where prices are shown with tax, 0 where tax comes on top.
  inclusive INTEGER NOT NULL CHECK (inclusive IN (0, 1)),
  rounding TEXT NOT NULL DEFAULT 'half_away' CHECK (rounding IN ('half_away', 'down')),
  -- For the shopper: what the rate leaves out, or why there is none.
  note TEXT,
  source_url TEXT NOT NULL CHECK (source_url LIKE 'https://%'),
  PRIMARY KEY (country, state, tax_class, valid_from),
  -- Never zero tax by accident.
  CHECK ((rate_ppm = 0) = (treatment <> 'taxed'))
) STRICT, WITHOUT ROWID;
INSERT INTO dated_tax_rates
    (country, state, valid_from, name, treatment, rate_ppm, inclusive, source_url)
  SELECT country, state, valid_from, name, CASE rate_ppm WHEN 0 THEN 'no_tax' ELSE 'taxed' END,
    rate_ppm, inclusive, source_url
  FROM tax_rates;
DROP TABLE tax_rates;
ALTER TABLE dated_tax_rates RENAME TO tax_rates;

-- A country without a row is in the zone that has its home region's name.
CREATE TABLE shipping_zones (
  shop_id TEXT NOT NULL REFERENCES shops (shop_id),
  country TEXT NOT NULL,
  zone TEXT NOT NULL,
  PRIMARY KEY (shop_id, country)
) STRICT, WITHOUT ROWID;

CREATE TABLE shipping_rates (
  shop_id TEXT NOT NULL REFERENCES shops (shop_id),
  zone TEXT NOT NULL,
  currency TEXT NOT NULL,
  option TEXT NOT NULL,
  -- Of an option's steps, the lightest that takes the parcel counts.
  up_to_grams INTEGER NOT NULL CHECK (up_to_grams > 0),
  name TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
  -- The first option of the lowest rank is taken when the shopper names none.
  rank INTEGER NOT NULL,
  PRIMARY KEY (shop_id, zone, currency, option, up_to_grams)
) STRICT, WITHOUT ROWID;
-- What was flat so far stays flat: a thousand tonnes.
INSERT INTO shipping_rates
    (shop_id, zone, currency, option, up_to_grams, name, amount_minor, rank)
  SELECT shop_id, region, currency, option, 1000000000, name, amount_minor, rank
  FROM shipping_options;
DROP TABLE shipping_options;

CREATE TABLE promotions (
  shop_id TEXT NOT NULL REFERENCES shops (shop_id),
  promotion_id TEXT NOT NULL,
  -- Grows with every change: quotes name it.
  version INTEGER NOT NULL CHECK (version >= 1),
  name TEXT NOT NULL,
  -- In capitals; NULL where it applies by itself.
  code TEXT CHECK (code = upper(code)),
  -- What it takes off, as schema/promotion.ts has it.
  rule TEXT NOT NULL CHECK (json_valid(rule)),
  exclusive INTEGER NOT NULL CHECK (exclusive IN (0, 1)),
  -- Lower ones are taken off first.
  rank INTEGER NOT NULL,
  -- The shop's wall clock, 'YYYY-MM-DDTHH:MM'; `ends_at` is the first minute without it.
  starts_at TEXT CHECK (starts_at LIKE '____-__-__T__:__'),
  ends_at TEXT CHECK (ends_at LIKE '____-__-__T__:__' AND (starts_at IS NULL OR ends_at > starts_at)),
  -- Limits are counted by one object per promotion, not here.
  uses_max INTEGER CHECK (uses_max >= 1),
  uses_per_customer_max INTEGER CHECK (uses_per_customer_max >= 1),
  -- A feature flag that has to be on.
  flag TEXT,
  PRIMARY KEY (shop_id, promotion_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX promotions_by_code ON promotions (shop_id, code) WHERE code IS NOT NULL;
