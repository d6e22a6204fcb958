-- The last definitions of feature flags that a region read and understood: an isolate that begins
-- while Unleash is away goes on with them.
CREATE TABLE flag_definitions (
  region TEXT NOT NULL,
  -- A hash of Unleash's address and our token: another environment's flags are not taken for these.
  source TEXT NOT NULL,
  etag TEXT NOT NULL,
  definitions TEXT NOT NULL CHECK (json_valid(definitions)),
  read_at_ms INTEGER NOT NULL,
  PRIMARY KEY (region, source)
) STRICT, WITHOUT ROWID;
