export const READER_SCHEMA = `
CREATE TABLE IF NOT EXISTS feed (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  region TEXT NOT NULL,
  name TEXT NOT NULL,
  -- By an operator, all of it; an endpoint that was disabled is paused by itself, below.
  paused_at_ms INTEGER,
  pause_reason TEXT,
  CHECK ((paused_at_ms IS NULL) = (pause_reason IS NULL))
) STRICT;

CREATE TABLE IF NOT EXISTS readers (
  -- The feed's own name; for webhooks the endpoint's id, for the mirror the region that is told.
  reader TEXT PRIMARY KEY,
  -- The last log offset whose effect is done; written with the effect where that is local.
  position INTEGER NOT NULL CHECK (position >= 0),
  -- The highest one that it ever reached: what lies below is a replay.
  reached INTEGER NOT NULL CHECK (reached >= 0),
  paused_at_ms INTEGER,
  pause_reason TEXT,
  failures INTEGER NOT NULL DEFAULT 0,
  failing_since_ms INTEGER,
  -- When it tries again after a failure.
  due_at_ms INTEGER,
  problem TEXT,
  CHECK ((paused_at_ms IS NULL) = (pause_reason IS NULL)),
  CHECK ((failures = 0) = (due_at_ms IS NULL))
) STRICT, WITHOUT ROWID;
`;

export type ReaderRow = {
  reader: string;
  position: number;
  reached: number;
  paused_at_ms: number | null;
  pause_reason: string | null;
  failures: number;
  failing_since_ms: number | null;
  due_at_ms: number | null;
  problem: string | null;
};

/** What a reader is that does not fail. */
export const WELL = {
  failures: 0,
  failing_since_ms: null,
  due_at_ms: null,
  problem: null,
} as const;

/** A reader that nothing was ever told to. */
export const NEW: ReaderRow = {
  reader: "",
  position: 0,
  reached: 0,
  paused_at_ms: null,
  pause_reason: null,
  ...WELL,
};
