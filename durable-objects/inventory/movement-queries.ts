import type { MovementSums } from "../../schema/stock.ts";

/** Newest first, from `sinceMs` on; `beforeMs` itself is outside. Epoch ms. */
export type HistoryPage = {
  readonly sinceMs: number;
  readonly beforeMs: number;
  readonly limit: number;
};

export type HistoryRow = {
  token: string;
  kind: string;
  checkout_id: string | null;
  received: number;
  held: number;
  allocated: number;
  gone: number;
  at_ms: number;
};

export const NO_MOVEMENTS: MovementSums = {
  receipts: 0,
  corrections: 0,
  transfersIn: 0,
  transfersOut: 0,
  held: 0,
  allocated: 0,
  gone: 0,
};

export const SUMS = `SELECT
  (SELECT coalesce(sum(quantity), 0) FROM movements WHERE kind = 'receipt') AS receipts,
  (SELECT coalesce(sum(quantity), 0) FROM movements WHERE kind = 'correction') AS corrections,
  (SELECT coalesce(sum(quantity), 0) FROM movements WHERE kind = 'transfer_in') AS transfersIn,
  (SELECT coalesce(-sum(quantity), 0) FROM movements WHERE kind = 'transfer_out') AS transfersOut,
  coalesce(sum(move.value ->> 'held'), 0) AS held,
  coalesce(sum(move.value ->> 'allocated'), 0) AS allocated,
  coalesce(sum(move.value ->> 'gone'), 0) AS gone
  FROM holds, json_each(holds.history) AS move`;

export const HISTORY = `SELECT hold_key || '/' || (move.value ->> 'token') AS token,
    move.value ->> 'kind' AS kind, checkout_id, 0 AS received,
    coalesce(move.value ->> 'held', 0) AS held,
    coalesce(move.value ->> 'allocated', 0) AS allocated,
    coalesce(move.value ->> 'gone', 0) AS gone, move.value ->> 'atMs' AS at_ms
  FROM holds, json_each(holds.history) AS move
  WHERE move.value ->> 'atMs' >= ?1 AND move.value ->> 'atMs' < ?2
  UNION ALL
  SELECT token, kind, NULL, iif(kind = 'restock', 0, quantity), 0, 0, 0, at_ms
  FROM movements WHERE at_ms >= ?1 AND at_ms < ?2 AND quantity <> 0
  ORDER BY at_ms DESC, token LIMIT ?3`;
