-- JSON: what the shop tells before an order is placed, per country and time, in the order in which it
-- is shown (schema/shop-notices.ts). Read with the shop, so that a quote asks for nothing more.
ALTER TABLE shops ADD COLUMN notices TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(notices));
-- JSON: by region the country that its goods are sent from, where that is not the shop's own.
ALTER TABLE shops ADD COLUMN ships_from TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(ships_from));
