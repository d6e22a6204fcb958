-- How each shop takes its money, and what providers told that no sale could be found for.

-- 'at_once': as an order is placed; 'on_fulfillment': as its goods are sent; 'manual': by the
-- merchant's call.
ALTER TABLE shops ADD COLUMN capture_mode TEXT NOT NULL DEFAULT 'at_once'
  CHECK (capture_mode IN ('at_once', 'on_fulfillment', 'manual'));

-- Rules by which a shop's payments are routed, as JSON, in the order in which they are tried. A shop
-- without rules has the defaults of payments/routing-rules.ts.
CREATE TABLE routing_rules (
  shop_id TEXT PRIMARY KEY REFERENCES shops (shop_id),
  rules TEXT NOT NULL CHECK (json_valid(rules)),
  updated_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Verified webhooks that name no sale of ours, or whose sale could not take them. Fetched or
-- delivered again by a job; never the event itself, which may hold personal data.
CREATE TABLE unrouted_webhooks (
  provider TEXT NOT NULL,
  event_id TEXT NOT NULL,
  type TEXT NOT NULL,
  reference TEXT NOT NULL,
  -- JSON: shop, checkout and notice, when the sale is known; what its signature covers and no more.
  routed TEXT CHECK (routed IS NULL OR json_valid(routed)),
  cause TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  first_at_ms INTEGER NOT NULL,
  -- When a job looks at it next; NULL once it was settled or given up.
  due_at_ms INTEGER,
  PRIMARY KEY (provider, event_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX unrouted_webhooks_by_due ON unrouted_webhooks (due_at_ms) WHERE due_at_ms IS NOT NULL;

-- Reports that a provider has announced, for the daily reconciliation.
CREATE TABLE provider_reports (
  provider TEXT NOT NULL,
  name TEXT NOT NULL,
  url TEXT NOT NULL,
  announced_at_ms INTEGER NOT NULL,
  -- NULL until it was downloaded and compared.
  read_at_ms INTEGER,
  PRIMARY KEY (provider, name)
) STRICT, WITHOUT ROWID;
