-- A promotion begins and ends by the shop's wall clock (starts_at, ends_at) or at a moment, in epoch
-- milliseconds; never both.
ALTER TABLE promotions ADD COLUMN starts_at_ms INTEGER CHECK (starts_at_ms IS NULL OR starts_at IS NULL);
ALTER TABLE promotions ADD COLUMN ends_at_ms INTEGER CHECK (ends_at_ms IS NULL OR ends_at IS NULL);
