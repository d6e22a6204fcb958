-- What else an order says, as JSON by its name: a new fact that nobody searches by needs no column.
ALTER TABLE orders ADD COLUMN details TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(details));

-- What operators search for, newest first. What nearly every order comes to be is left out of the
-- partial ones: such a search walks along orders_by_time, and finds its page at once.
CREATE INDEX orders_by_status ON orders (shop_id, status, created_at_ms, order_id);
CREATE INDEX orders_by_payment ON orders (shop_id, payment, created_at_ms, order_id)
  WHERE payment <> 'captured';
CREATE INDEX orders_by_fulfilment ON orders (shop_id, fulfilment, created_at_ms, order_id)
  WHERE fulfilment <> 'fulfilled';
CREATE INDEX orders_by_dispute ON orders (shop_id, dispute, created_at_ms, order_id)
  WHERE dispute <> 'none';

DROP INDEX orders_by_customer;
CREATE INDEX orders_by_customer ON orders (shop_id, customer_reference, created_at_ms, order_id)
  WHERE customer_reference IS NOT NULL;

-- Messages that no consumer could take, and payments that failed for good. Kept until somebody decides.
CREATE TABLE letters (
  -- <queue>.<event or message>: the same message that fails again is the same letter.
  letter_id TEXT PRIMARY KEY,
  queue TEXT NOT NULL,
  -- '' where the message does not say.
  shop_id TEXT NOT NULL,
  -- The order or checkout that it is about.
  reference TEXT,
  cause TEXT NOT NULL,
  body TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  first_at_ms INTEGER NOT NULL,
  last_at_ms INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'redriven', 'discarded')),
  decided_at_ms INTEGER,
  discard_reason TEXT CHECK ((discard_reason IS NOT NULL) = (state = 'discarded'))
) STRICT, WITHOUT ROWID;

INSERT INTO letters (letter_id, queue, shop_id, cause, body, attempts, first_at_ms, last_at_ms)
  SELECT queue || '.' || message_id, queue, '', 'Kept before causes were.', body, attempts,
         first_at_ms, last_at_ms
  FROM dead_letters;
DROP TABLE dead_letters;
ALTER TABLE letters RENAME TO dead_letters;
CREATE INDEX dead_letters_by_time ON dead_letters (shop_id, first_at_ms, letter_id);
-- The open ones are few among those of years.
CREATE INDEX dead_letters_open ON dead_letters (shop_id, first_at_ms, letter_id)
  WHERE state = 'open';

-- Orders of other regions, as a mirror told of them. No personal data.
CREATE TABLE order_stubs (
  order_id TEXT PRIMARY KEY,
  checkout_id TEXT NOT NULL UNIQUE,
  shop_id TEXT NOT NULL,
  -- The order's home, not this store's.
  region TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version >= 1),
  status TEXT NOT NULL,
  currency TEXT NOT NULL,
  total_minor INTEGER NOT NULL CHECK (total_minor >= 0),
  captured_minor INTEGER NOT NULL CHECK (captured_minor BETWEEN 0 AND total_minor),
  refunded_minor INTEGER NOT NULL CHECK (refunded_minor BETWEEN 0 AND captured_minor),
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL,
  -- When this was known to be so.
  as_of_ms INTEGER NOT NULL,
  -- Of the checkout's secret; without one only a secret key opens the stub.
  secret_hash TEXT
) STRICT, WITHOUT ROWID;
