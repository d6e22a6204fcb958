-- Where a shop is at home: the ledgers of its stock are kept there. Sales live by the shopper's country.
ALTER TABLE shops ADD COLUMN region TEXT NOT NULL DEFAULT 'eu'
  CHECK (region IN ('eu', 'us', 'apac', 'sam'));
