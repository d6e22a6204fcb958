-- What has to stand beside a product's price, and what customs ask for, as schema/product-facts.ts
-- has it: read with the product, so that a quote asks for nothing more.
ALTER TABLE products ADD COLUMN facts TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(facts));
