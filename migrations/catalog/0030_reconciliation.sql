-- What providers' books say against our orders, and what was done about money that nobody accounts for.

-- How far a job has come, so that the next one goes on from there.
CREATE TABLE job_marks (
  job TEXT PRIMARY KEY,
  at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A line of a provider's settlement reports, by what it is about: a report that is read twice, or that
-- tells again what another one told, changes nothing.
CREATE TABLE provider_bookings (
  provider TEXT NOT NULL,
  -- The provider's name of the payment.
  reference TEXT NOT NULL,
  -- The provider's name of the capture, refund or dispute.
  about TEXT NOT NULL,
  -- The provider's word: Settled, Refunded, Chargeback …
  type TEXT NOT NULL,
  our_reference TEXT NOT NULL,
  -- As it moved our balance, in the currency that the shopper paid: what left us is negative.
  gross_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  -- The UTC day on which its report was announced.
  day TEXT NOT NULL,
  PRIMARY KEY (provider, reference, about, type)
) STRICT, WITHOUT ROWID;

CREATE INDEX provider_bookings_by_day ON provider_bookings (provider, day, reference);

-- One shop's figures of one day in one currency, in minor units, as of the latest look.
CREATE TABLE reconciliations (
  shop_id TEXT NOT NULL,
  provider TEXT NOT NULL,
  -- UTC, as 2026-11-24: of payments begun that day, or of reports announced that day.
  day TEXT NOT NULL,
  currency TEXT NOT NULL,
  payments INTEGER NOT NULL,
  orders INTEGER NOT NULL,
  ordered_captured_minor INTEGER NOT NULL,
  ordered_refunded_minor INTEGER NOT NULL,
  ordered_charged_back_minor INTEGER NOT NULL,
  provider_captured_minor INTEGER NOT NULL,
  provider_refunded_minor INTEGER NOT NULL,
  provider_charged_back_minor INTEGER NOT NULL,
  ran_at_ms INTEGER NOT NULL,
  PRIMARY KEY (shop_id, provider, day, currency)
) STRICT, WITHOUT ROWID;

-- What did not match, and what was done about it.
CREATE TABLE reconciliation_items (
  provider TEXT NOT NULL,
  -- The provider's name of the payment.
  reference TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (
    kind IN ('orphan', 'amounts_differ', 'dispute_differs', 'unknown_to_provider')
  ),
  shop_id TEXT NOT NULL,
  checkout_id TEXT NOT NULL,
  our_reference TEXT NOT NULL,
  day TEXT NOT NULL,
  currency TEXT NOT NULL,
  -- Captured less refunded less charged back; of a hold, 0.
  ordered_minor INTEGER NOT NULL,
  provider_minor INTEGER NOT NULL,
  -- 'reported': for a person. 'woken': its sale was told, and settles it. 'asked': the provider was
  -- told to give it back. 'voided', 'refunded', 'never_existed': it did. 'matched': it fits by now.
  done TEXT NOT NULL CHECK (
    done IN ('found', 'reported', 'woken', 'asked', 'voided', 'refunded', 'never_existed', 'matched')
  ),
  cause TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  first_at_ms INTEGER NOT NULL,
  -- When it is looked at next; NULL once it is settled, or a person's.
  due_at_ms INTEGER,
  PRIMARY KEY (provider, reference, kind)
) STRICT, WITHOUT ROWID;

CREATE INDEX reconciliation_items_by_due ON reconciliation_items (due_at_ms)
  WHERE due_at_ms IS NOT NULL;
CREATE INDEX reconciliation_items_by_day ON reconciliation_items (shop_id, day);

-- What else was told of a payment, for those that cannot be asked of the provider.
CREATE INDEX unrouted_webhooks_by_reference ON unrouted_webhooks (provider, reference);

-- A report that cannot be read is tried again, behind the others, and not for ever.
ALTER TABLE provider_reports ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE provider_reports ADD COLUMN cause TEXT NOT NULL DEFAULT '';
