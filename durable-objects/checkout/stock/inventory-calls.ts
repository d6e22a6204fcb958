import type { Line } from "../../../schema/checkout.ts";
import { regionOf } from "../../../schema/ids.ts";
import { isRefusal, type Refusal } from "../../../schema/outcome.ts";
import { refuse } from "../../../schema/refusals.ts";
import { RegionCode } from "../../../schema/regions.ts";
import type { Unfair } from "../../inventory/fairness.ts";
import type { OutOfStock } from "../../inventory/inventory.ts";
import type { ShipmentRefusal } from "../../inventory/movements.ts";
import type { Hold } from "../sale/checkout.ts";
import type { Elsewhere, Inventory, Sale } from "../sale/ports.ts";
import { Shelves } from "./shelves.ts";

type Told = { readonly ok: true };

/** The port over the shelves: each line one call to one object, unless its SKU lies in cells. */
export function inventoryCalls(env: Env): Inventory {
  const at = (
    { shopId, checkoutId }: Sale,
    line: Line,
    { from, spread }: Pick<Hold, "from" | "spread">,
  ) => {
    const other = from?.[line.sku];
    // How a SKU is split was fixed for home. Elsewhere cell 0 is asked first, and tells.
    if (other) return new Shelves(env, { shopId, region: other }, { line });
    return new Shelves(env, { shopId, region: regionOf(checkoutId) }, { line, spread });
  };
  const take = (sale: Sale, hold: Hold, line: Line) =>
    at(sale, line, hold).hold<OutOfStock | Unfair>(hold.key, (cell, quantity, part) =>
      cell.hold({ ...holdRequest(sale, hold, line), quantity, part }),
    );
  const letGo = (sale: Sale, hold: Hold, line: Line) =>
    at(sale, line, hold).each((cell, _quantity, part) =>
      cell.release({ key: hold.key, checkoutId: sale.checkoutId, part }),
    );
  return {
    hold: (sale, hold) => allOrElsewhere(hold.lines, (line) => take(sale, hold, line)),
    borrow: (sale, hold) =>
      allOrNone(hold.lines, async (line) => {
        await letGo(sale, { ...hold, from: undefined }, line);
        return take(sale, hold, line);
      }),
    extend: (sale, hold) =>
      allOrNone(hold.lines, (line) =>
        at(sale, line, hold).all<OutOfStock | Unfair>((cell, quantity, part) =>
          cell.extend({ ...holdRequest(sale, hold, line), quantity, part }),
        ),
      ),
    resize: (sale, change) =>
      allOrNone(change.lines, (line) =>
        at(sale, line, change).resize<OutOfStock | Unfair>(change, (cell, quantity, part) => {
          const request = { ...holdRequest(sale, change, line), quantity, part };
          return cell.resize({ ...request, generation: change.generation });
        }),
      ),
    release: (sale, hold) => all(hold.lines, (line) => letGo(sale, hold, line)),
    allocate: (sale, { hold, payment }) =>
      allOrNone(hold.lines, (line) =>
        at(sale, line, hold).all<OutOfStock>((cell, _quantity, part) =>
          cell.allocate({ key: hold.key, sku: line.sku, payment, part }),
        ),
      ),
    unallocate: (sale, { hold, payment }) =>
      all(hold.lines, (line) =>
        at(sale, line, hold).each((cell, _quantity, part) =>
          cell.unallocate({ key: hold.key, sku: line.sku, payment, part }),
        ),
      ),
    restock: (sale, hold, token) =>
      all(hold.lines, (line) =>
        at(sale, line, hold).everywhere((cell) => cell.restock({ key: hold.key, token })),
      ),
    restockPieces: (sale, { hold, token, lines }) =>
      all(lines, (line) =>
        at(sale, line, hold).each((cell, quantity, part) =>
          cell.restockPieces({ key: hold.key, token, quantity, part, of: line.of }),
        ),
      ),
    ship: (sale, { hold, token, lines }) =>
      shipped(lines, (line) =>
        at(sale, line, hold).each<ShipmentRefusal>((cell, quantity, part) =>
          cell.ship({ key: hold.key, token, quantity, part }),
        ),
      ),
    unship: (sale, { hold, token, lines }) =>
      all(lines, (line) =>
        at(sale, line, hold).everywhere((cell) => cell.unship({ key: hold.key, token })),
      ),
  };
}

function holdRequest(
  { checkoutId }: Sale,
  { key, expiresAtMs, shopper, account, isPaying, from }: Omit<Hold, "lines" | "generation">,
  { sku }: Line,
) {
  const request = { key, checkoutId, expiresAtMs, sku };
  // A pseudonym is somebody's: it does not leave their home, so no limit counts them elsewhere.
  return from?.[sku] ? request : { ...request, shopper, account, isPaying };
}

/**
 * As `allOrNone`; but where every line that home has not may be sold by another region, that is the
 * answer.
 */
async function allOrElsewhere<L extends Line, Code extends string>(
  lines: readonly L[],
  take: (line: L) => Promise<Told | Refusal<Code>>,
): Promise<Told | Elsewhere | Refusal<Code> | OutOfStock> {
  const elsewhere: Record<string, RegionCode> = {};
  const answer = await allOrNone(lines, async (line) => {
    const own = await take(line);
    const region = RegionCode.safeParse(isRefusal(own) && own.detail?.lastResort).data;
    if (!region) return own;
    elsewhere[line.sku] = region;
    return { ok: true as const };
  });
  const isBorrowing = !isRefusal(answer) && Object.keys(elsewhere).length > 0;
  return isBorrowing ? { ok: true, elsewhere } : answer;
}

/** In parallel. Throws when one did not answer: the whole is then repeated with the same keys. */
async function all<L extends Line>(
  lines: readonly L[],
  call: (line: L) => Promise<unknown>,
): Promise<Told> {
  await Promise.all(lines.map(call));
  return { ok: true };
}

/**
 * In parallel; one refusal refuses them all. What the others took is given back by the step's undo
 * and not here: an attempt that timed out may end after a later one succeeded.
 */
async function allOrNone<L extends Line, Code extends string>(
  lines: readonly L[],
  take: (line: L) => Promise<Told | Refusal<Code>>,
): Promise<Told | Refusal<Code> | OutOfStock> {
  const answers = await Promise.all(lines.map(take));
  const refusals = answers.filter((answer): answer is Refusal<Code> => isRefusal(answer));
  if (refusals.length === 0) return { ok: true };
  const other = refusals.find(({ refused }) => refused !== "out_of_stock");
  if (other) return other;
  return refuse("out_of_stock", { skus: refusals.map(({ detail }) => String(detail?.sku)) });
}

/**
 * In parallel. A line that has fewer pieces left than were to leave refuses the parcel; what left of
 * the others is brought back by `unship`, also by an attempt that ends late.
 */
async function shipped(
  lines: readonly Line[],
  ship: (line: Line) => Promise<{ readonly ok: true; readonly taken: number } | ShipmentRefusal>,
): Promise<Told | ShipmentRefusal> {
  const answers = await Promise.all(lines.map(ship));
  for (const [at, answer] of answers.entries()) {
    if (isRefusal(answer)) return answer;
    const { sku = "", quantity = 0 } = lines[at] ?? {};
    if (answer.taken < quantity) {
      return refuse("not_enough_stock", { sku, quantity, left: answer.taken });
    }
  }
  return { ok: true };
}
