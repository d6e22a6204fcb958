type Kind =
  | "hold"
  | "resize"
  | "extend"
  | "release"
  | "expire"
  | "allocate"
  | "unallocate"
  | "ship"
  | "unship"
  | "restock"
  /** Many small ones, added up. */
  | "earlier";

/**
 * One movement of a hold's pieces, kept in the hold's own row (decision 13). What it adds to the counters
 * stands in it, so that they can be counted anew. `token` is unique within the hold. Epoch ms; pieces.
 */
export type HoldMove = {
  readonly token: string;
  readonly kind: Kind;
  readonly held?: number;
  readonly allocated?: number;
  readonly gone?: number;
  readonly atMs: number;
};

const FOLD_ABOVE = 16_000; // characters, some two hundred movements: a row must stay small

/** A history, which is JSON, with one movement more. Text only: it is on the way of every sale. */
export function appended(history: string, move: HoldMove): string {
  const kept = history.length > FOLD_ABOVE ? folded(history) : history;
  const separator = kept === "[]" ? "" : ",";
  return `${kept.slice(0, -1)}${separator}${JSON.stringify(move)}]`;
}

export function movesOf(history: string): readonly HoldMove[] {
  return JSON.parse(history);
}

/** Shipments keep their tokens, and so does what came back: all may be told again. */
function folded(history: string): string {
  const isKept = ({ kind }: HoldMove) => ["ship", "unship", "restock"].includes(kind);
  const moves = movesOf(history);
  const small = moves.filter((move) => !isKept(move));
  const sum = (what: "held" | "allocated" | "gone") =>
    small.reduce((total, move) => total + (move[what] ?? 0), 0);
  const atMs = small.at(-1)?.atMs ?? 0;
  const token = `earlier/${atMs}`;
  const earlier: HoldMove = {
    ...{ token, kind: "earlier", atMs },
    ...{ held: sum("held"), allocated: sum("allocated"), gone: sum("gone") },
  };
  return JSON.stringify([earlier, ...moves.filter(isKept)]);
}
