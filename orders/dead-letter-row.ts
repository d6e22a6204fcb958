import { ShopId } from "../schema/ids.ts";
import type { DeadLetter, DeadLetterState, KeptDeadLetter } from "./dead-letter.ts";

/** Kept as the shop of a letter whose message names none. */
export const NO_SHOP = "";

export function letterRow(kept: DeadLetter) {
  const { atMs, firstAtMs, shopId, reference, ...letter } = kept;
  return {
    ...letter,
    cause: letter.cause.toWellFormed(), // one that was cut to its length may end in half a character
    shopId: shopId ?? NO_SHOP,
    reference: reference ?? null,
    firstAtMs: firstAtMs ?? atMs,
    lastAtMs: atMs,
  };
}

/**
 * Each letter once, as keeping them one by one would leave it: a statement of Postgres may not change
 * a row twice.
 */
export function togetherOf(letters: readonly DeadLetter[]): readonly DeadLetter[] {
  const together = new Map<string, DeadLetter>();
  for (const letter of letters) {
    const known = together.get(letter.letterId);
    together.set(letter.letterId, known ? again(known, letter) : letter);
  }
  return [...together.values()];
}

function again(known: DeadLetter, { attempts, cause, atMs }: DeadLetter): DeadLetter {
  const { firstAtMs = known.atMs } = known;
  return { ...known, firstAtMs, attempts: known.attempts + attempts, cause, atMs };
}

type LetterRow = ReturnType<typeof letterRow> & {
  readonly state: DeadLetterState;
  readonly decidedAtMs: number | null;
  readonly discardReason: string | null;
};

export function toLetter(row: LetterRow): KeptDeadLetter {
  const { shopId, reference, decidedAtMs, discardReason, ...letter } = row;
  return {
    ...letter,
    shopId: shopId === NO_SHOP ? undefined : ShopId.parse(shopId),
    reference: reference ?? undefined,
    decidedAtMs: decidedAtMs ?? undefined,
    discardReason: discardReason ?? undefined,
  };
}

/** Whose letters an operator sees: the shop's own, and those that name no shop. */
export const visibleTo = (shopId: ShopId) => [shopId, NO_SHOP];

/** One page of several lists, each newest first. */
export function mergedLetters(
  lists: readonly (readonly LetterRow[])[],
  limit: number,
): readonly KeptDeadLetter[] {
  const newestFirst = (a: LetterRow, b: LetterRow) =>
    b.firstAtMs - a.firstAtMs || (a.letterId < b.letterId ? 1 : -1);
  return lists.flat().toSorted(newestFirst).slice(0, limit).map(toLetter);
}
