-- JSON: for how many days after the last parcel left a contract can be withdrawn from, and where
-- another number holds.
ALTER TABLE shops ADD COLUMN withdrawal_days TEXT NOT NULL DEFAULT '{"default":14,"countries":{}}'
  CHECK (json_valid(withdrawal_days));
