-- JSON: which methods that are off by themselves the shop has switched on.
ALTER TABLE shops ADD COLUMN extra_methods TEXT NOT NULL DEFAULT '[]'
  CHECK (json_valid(extra_methods));
