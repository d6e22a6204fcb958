import type { ShelfName, StockLevels, Transfer } from "../../schema/stock.ts";

/** A shelf as it was seen. `moves`: how many transfers the ledger knew of by then. */
export type Sight = ShelfName & {
  readonly levels: StockLevels;
  readonly terms: { readonly home: string | null; readonly asks: number };
  readonly moves: number | undefined;
};

type Loan = Omit<Transfer, "token">;

/**
 * Who gives how much to a shelf that runs low: half of the difference, so that both can go on. A
 * neighbour of the same region comes first: those pieces need no truck.
 */
export function lenderFor(shelf: ShelfName, sights: readonly Sight[]): Loan | undefined {
  const isIt = ({ region, cell }: ShelfName) => region === shelf.region && cell === shelf.cell;
  const own = sights.find(isIt)?.levels.available;
  if (own === undefined) return undefined;
  const others = sights.filter((sight) => !isIt(sight));
  const near = others.filter(({ region }) => region === shelf.region);
  const far = others.filter(({ region }) => region !== shelf.region);
  for (const group of [near, far]) {
    const [richest] = group.toSorted((a, b) => b.levels.available - a.levels.available);
    const more = (richest?.levels.available ?? 0) - own;
    // What is left of a difference of one would only go back and forth.
    if (richest && (more > 1 || (more === 1 && own === 0))) {
      return { from: nameOf(richest), to: nameOf(shelf), quantity: Math.ceil(more / 2) };
    }
  }
  return undefined;
}

/** The transfers after which all cells of a region have the same to sell, but for one piece. */
export function spreadOver(sights: readonly Sight[]): readonly Loan[] {
  const total = sights.reduce((sum, { levels }) => sum + levels.available, 0);
  const share = (index: number) =>
    Math.floor(total / sights.length) + (index < total % sights.length ? 1 : 0);
  const more = sights.map((sight, index) => ({
    shelf: nameOf(sight),
    by: sight.levels.available - share(index),
  }));
  const loans: Loan[] = [];
  for (const taker of more.filter(({ by }) => by < 0)) {
    for (const giver of more.filter(({ by }) => by > 0)) {
      const quantity = Math.min(giver.by, -taker.by);
      if (quantity <= 0) continue;
      loans.push({ from: giver.shelf, to: taker.shelf, quantity });
      giver.by -= quantity;
      taker.by += quantity;
    }
  }
  return loans;
}

function nameOf({ region, cell }: ShelfName): ShelfName {
  return { region, cell };
}

export function isSame(one: ShelfName, other: ShelfName): boolean {
  return one.region === other.region && one.cell === other.cell;
}
