-- One region's orders and their events. No personal data: a customer is a pseudonym here.
-- Text is compared byte by byte (COLLATE "C"), so that pages follow ids as they do elsewhere.

CREATE TABLE orders (
  order_id text COLLATE "C" PRIMARY KEY,
  -- One order per checkout, whatever the code above does.
  checkout_id text NOT NULL UNIQUE,
  shop_id text NOT NULL,
  region text NOT NULL,
  -- The event sequence that this row stands at; a lower one never overwrites it.
  version integer NOT NULL CHECK (version >= 1),
  status text NOT NULL,
  payment text NOT NULL,
  fulfilment text NOT NULL,
  dispute text NOT NULL,
  currency text NOT NULL,
  total_minor bigint NOT NULL CHECK (total_minor >= 0),
  captured_minor bigint NOT NULL CHECK (captured_minor BETWEEN 0 AND total_minor),
  refunded_minor bigint NOT NULL CHECK (refunded_minor BETWEEN 0 AND captured_minor),
  -- [{sku, quantity, unitAmount}]. json, not jsonb: it comes back byte by byte as it went in.
  lines json NOT NULL,
  provider text NOT NULL,
  provider_reference text NOT NULL,
  customer_reference text,
  created_at_ms bigint NOT NULL,
  updated_at_ms bigint NOT NULL,
  -- What else an order says, by its name: a new fact that nobody searches by needs no column.
  details json NOT NULL
);

CREATE INDEX orders_by_time ON orders (shop_id, created_at_ms, order_id);
CREATE INDEX orders_by_customer ON orders (shop_id, customer_reference, created_at_ms, order_id)
  WHERE customer_reference IS NOT NULL;
-- What operators search for, newest first. What nearly every order comes to be is left out of the
-- partial ones: such a search walks along orders_by_time, and finds its page at once.
CREATE INDEX orders_by_status ON orders (shop_id, status, created_at_ms, order_id);
CREATE INDEX orders_by_payment ON orders (shop_id, payment, created_at_ms, order_id)
  WHERE payment <> 'captured';
CREATE INDEX orders_by_fulfilment ON orders (shop_id, fulfilment, created_at_ms, order_id)
  WHERE fulfilment <> 'fulfilled';
CREATE INDEX orders_by_dispute ON orders (shop_id, dispute, created_at_ms, order_id)
  WHERE dispute <> 'none';

-- The log: what happened, in the order in which this store learnt it.
CREATE TABLE events (
  log_offset bigint PRIMARY KEY,
  order_id text COLLATE "C" NOT NULL,
  sequence integer NOT NULL CHECK (sequence >= 1),
  shop_id text NOT NULL,
  type text NOT NULL,
  at_ms bigint NOT NULL,
  -- The CloudEvent as it was sent.
  envelope json NOT NULL,
  UNIQUE (order_id, sequence)
);

-- The latest offset given. A sequence would leave a hole for each transaction that was rolled back;
-- this row is locked by who appends, and rolls back with the events.
CREATE TABLE log_head (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  last_offset bigint NOT NULL
);
INSERT INTO log_head (last_offset) VALUES (0);

-- Messages that no consumer could take, and payments that failed for good. Kept until somebody decides.
CREATE TABLE dead_letters (
  -- <queue>.<event or message>: the same message that fails again is the same letter.
  letter_id text COLLATE "C" PRIMARY KEY,
  queue text NOT NULL,
  -- '' where the message does not say.
  shop_id text NOT NULL,
  -- The order or checkout that it is about.
  reference text,
  cause text NOT NULL,
  body text NOT NULL,
  attempts integer NOT NULL,
  first_at_ms bigint NOT NULL,
  last_at_ms bigint NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'redriven', 'discarded')),
  decided_at_ms bigint,
  discard_reason text CHECK ((discard_reason IS NOT NULL) = (state = 'discarded'))
);
CREATE INDEX dead_letters_by_time ON dead_letters (shop_id, first_at_ms, letter_id);
-- The open ones are few among those of years.
CREATE INDEX dead_letters_open ON dead_letters (shop_id, first_at_ms, letter_id)
  WHERE state = 'open';

-- Orders of other regions, as a mirror told of them. No personal data.
CREATE TABLE order_stubs (
  order_id text COLLATE "C" PRIMARY KEY,
  checkout_id text NOT NULL UNIQUE,
  shop_id text NOT NULL,
  -- The order's home, not this store's.
  region text NOT NULL,
  version integer NOT NULL CHECK (version >= 1),
  status text NOT NULL,
  currency text NOT NULL,
  total_minor bigint NOT NULL CHECK (total_minor >= 0),
  captured_minor bigint NOT NULL CHECK (captured_minor BETWEEN 0 AND total_minor),
  refunded_minor bigint NOT NULL CHECK (refunded_minor BETWEEN 0 AND captured_minor),
  created_at_ms bigint NOT NULL,
  updated_at_ms bigint NOT NULL,
  -- When this was known to be so.
  as_of_ms bigint NOT NULL,
  -- Of the checkout's secret; without one only a secret key opens the stub.
  secret_hash text
);
