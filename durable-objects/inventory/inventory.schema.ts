/** The tables of one inventory object. Created by its first write. */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS stock (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  received INTEGER NOT NULL CHECK (received >= 0),
  held INTEGER NOT NULL CHECK (held >= 0),
  allocated INTEGER NOT NULL CHECK (allocated >= 0),
  gone INTEGER NOT NULL CHECK (gone >= 0),
  -- Of cell 0: into how many cells the region's stock is split.
  cells INTEGER NOT NULL DEFAULT 1 CHECK (cells >= 1),
  -- Where the SKU's ledger is, once somebody told; its region asks there for more.
  home TEXT,
  -- Whether it asks there for more when it runs low.
  asks INTEGER NOT NULL DEFAULT 0 CHECK (asks IN (0, 1)),
  -- Pieces that one shopper may hold unpaid, and the share of what can be sold that all may.
  shopper_max INTEGER CHECK (shopper_max >= 1),
  unpaid_max_percent INTEGER CHECK (unpaid_max_percent BETWEEN 1 AND 100),
  -- The region that may sell a line in this one's place when it is sold out here; NULL for none.
  last_resort TEXT,
  -- When sold-out stock was there again, until somebody is told; NULL when nothing is to tell.
  back_at_ms INTEGER,
  -- What is available: no race and no bug may make it negative.
  CHECK (received - held - allocated - gone >= 0)
) STRICT;

CREATE TABLE IF NOT EXISTS holds (
  -- A hold is taken, changed, kept and given back by this name.
  hold_key TEXT PRIMARY KEY,
  checkout_id TEXT NOT NULL,
  -- 0 in a tombstone: a release that came before its hold, or a cell that was passed over.
  quantity INTEGER NOT NULL CHECK (quantity >= 0),
  state TEXT NOT NULL CHECK (state IN ('held', 'allocated', 'released', 'expired')),
  -- When the checkout lets go of it by itself.
  expires_at_ms INTEGER NOT NULL,
  -- When the alarm looks at it: held, to take it back; released or expired, to forget it.
  due_at_ms INTEGER NOT NULL,
  -- The payment that allocated it, and the highest one whose allocation was undone: an allocate
  -- of that payment or an older one came too late.
  allocated_by INTEGER NOT NULL DEFAULT 0,
  undone_up_to INTEGER NOT NULL DEFAULT 0,
  -- Grows with every change of the quantity: a change with a lower one came too late.
  generation INTEGER NOT NULL DEFAULT 1,
  -- Of an allocated hold: how many of its pieces have left the house.
  shipped INTEGER NOT NULL DEFAULT 0 CHECK (shipped BETWEEN 0 AND quantity),
  -- The shopper's pseudonym, where a limit per shopper has to count it.
  shopper TEXT,
  -- The one of their account; NULL for a guest as well.
  account TEXT,
  -- JSON: its movements, each with a token. Kept in the row, a movement costs no row of its own.
  history TEXT NOT NULL DEFAULT '[]'
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS holds_by_due ON holds (due_at_ms) WHERE state <> 'allocated';

-- Empty, and so free of charge, unless the SKU has a limit per shopper.
CREATE INDEX IF NOT EXISTS holds_by_shopper ON holds (shopper)
  WHERE shopper IS NOT NULL AND state = 'held';
CREATE INDEX IF NOT EXISTS holds_by_account ON holds (account)
  WHERE account IS NOT NULL AND state = 'held';

CREATE TABLE IF NOT EXISTS movements (
  -- Given by whoever moves the stock: the same one counts once.
  token TEXT PRIMARY KEY,
  kind TEXT NOT NULL
    CHECK (kind IN ('receipt', 'restock', 'correction', 'transfer_in', 'transfer_out')),
  -- Negative where pieces leave. 0 is a mark: a count that found nothing wrong, or a transfer that
  -- was undone before it came.
  quantity INTEGER NOT NULL CHECK (
    CASE kind
      WHEN 'correction' THEN 1
      WHEN 'transfer_out' THEN quantity <= 0
      ELSE quantity > 0
    END),
  at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;

/** What tables of an earlier version lack; each is added once, in the write that meets them. */
export const UPGRADES = [
  {
    table: "stock",
    lacks: "cells",
    sql: `ALTER TABLE stock ADD COLUMN cells INTEGER NOT NULL DEFAULT 1 CHECK (cells >= 1);
      ALTER TABLE stock ADD COLUMN home TEXT;
      ALTER TABLE stock ADD COLUMN asks INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE stock ADD COLUMN shopper_max INTEGER CHECK (shopper_max >= 1);
      ALTER TABLE stock ADD COLUMN unpaid_max_percent INTEGER
        CHECK (unpaid_max_percent BETWEEN 1 AND 100);`,
  },
  {
    table: "stock",
    lacks: "last_resort",
    sql: `ALTER TABLE stock ADD COLUMN last_resort TEXT;
      ALTER TABLE stock ADD COLUMN back_at_ms INTEGER;`,
  },
  {
    table: "holds",
    lacks: "history",
    sql: `ALTER TABLE holds ADD COLUMN shipped INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE holds ADD COLUMN shopper TEXT;
      ALTER TABLE holds ADD COLUMN history TEXT NOT NULL DEFAULT '[]';
      UPDATE holds SET history = json_array(json_object('token', 'earlier', 'kind', 'earlier',
        state, quantity, 'atMs', expires_at_ms)) WHERE state IN ('held', 'allocated');`,
  },
  {
    table: "holds",
    lacks: "account TEXT",
    sql: "ALTER TABLE holds ADD COLUMN account TEXT",
  },
  {
    table: "movements",
    lacks: "transfer_out",
    sql: `ALTER TABLE movements RENAME TO earlier_movements;
      CREATE TABLE movements (
        token TEXT PRIMARY KEY,
        kind TEXT NOT NULL
          CHECK (kind IN ('receipt', 'restock', 'correction', 'transfer_in', 'transfer_out')),
        quantity INTEGER NOT NULL CHECK (
          CASE kind
            WHEN 'correction' THEN 1
            WHEN 'transfer_out' THEN quantity <= 0
            ELSE quantity > 0
          END),
        at_ms INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      INSERT INTO movements SELECT token, kind, quantity, at_ms FROM earlier_movements;
      DROP TABLE earlier_movements;`,
  },
] as const;
