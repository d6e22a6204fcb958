-- How an order was paid, and until when money that is only held has to be taken.
ALTER TABLE orders ADD COLUMN method TEXT NOT NULL DEFAULT 'card';
ALTER TABLE orders ADD COLUMN authorized_until_ms INTEGER;
