-- Whether the uses of limited promotions come back when their order is cancelled before it left.
ALTER TABLE shops ADD COLUMN uses_of_cancelled_orders TEXT NOT NULL DEFAULT 'returned'
  CHECK (uses_of_cancelled_orders IN ('returned', 'spent'));
