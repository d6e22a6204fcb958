import type { Line } from "../../../schema/checkout.ts";
import type { ShopId } from "../../../schema/ids.ts";
import { isRefusal, type Refusal } from "../../../schema/outcome.ts";
import { refuse } from "../../../schema/refusals.ts";
import type { RegionCode } from "../../../schema/regions.ts";
import type { Part } from "../../inventory/hold-requests.ts";
import type { Held, OutOfStock } from "../../inventory/inventory.ts";
import { cellStub } from "../../placement.ts";
import type { Spread } from "../sale/checkout.ts";
import { rememberCells, ringOf } from "./cells.ts";

type Place = { readonly shopId: ShopId; readonly region: RegionCode };
type Cell = ReturnType<typeof cellStub>;
/** What is asked of a cell: for how many pieces of the line, and whether fewer will do. */
type Ask<No> = (cell: Cell, quantity: number, part: Part) => PromiseLike<Held | No>;
type Change = { readonly key: string; readonly generation: number };
type Found = { readonly ok: true; readonly taken: number };

/** One line's stock, wherever it lies. Of most lines it is one call to one object. */
export class Shelves {
  readonly #stub: (cell: number) => Cell;
  readonly #remember: (cells: number | undefined) => void;
  readonly #line: Line;
  /** The cells in the order in which they are asked. Grows when an answer tells of more. */
  readonly #ring: number[];

  constructor(
    env: Env,
    place: Place,
    { line, spread }: { line: Line; spread?: Spread | undefined },
  ) {
    this.#line = line;
    this.#ring = [...ringOf(spread, line.sku)];
    this.#stub = (cell) => cellStub(env, { ...place, sku: line.sku, cell });
    this.#remember = (cells) => rememberCells(place, line.sku, cells);
  }

  /**
   * Takes the line from its own cell. Only a definite no goes on to the others, and only when they
   * have it together; an unknown answer is thrown, and the same cells are asked again.
   */
  async hold<No extends Refusal>(key: string, ask: Ask<No>): Promise<Found | No | OutOfStock> {
    const { quantity } = this.#line;
    const own = await this.#ask(ask, 0, quantity);
    const isLimited = isRefusal(own) && own.refused === "shopper_limit";
    if (isAll(own, quantity)) return { ok: true, taken: quantity };
    if (isRefusal(own) && (isLimited || !this.#isSplit)) return own;
    const looks = await this.#looks(key);
    const withinReach = looks.reduce((sum, { available, taken }) => sum + available + taken, 0);
    if (withinReach < quantity) return isRefusal(own) ? own : this.#toldSoldOut(withinReach);
    return this.#holdRound(ask);
  }

  /** Does something to the pieces of the line, in whichever cells they lie. Says to how many. */
  async each<No extends Refusal>(ask: Ask<No>): Promise<Found | No> {
    const { quantity } = this.#line;
    if (!this.#isSplit) {
      const own = await this.#ask(ask, 0, quantity);
      if (isAll(own, quantity)) return { ok: true, taken: quantity };
      if (!this.#isSplit) return isRefusal(own) ? own : { ok: true, taken: own.taken ?? quantity };
    }
    let taken = 0;
    for (let at = 0; at < this.#ring.length && taken < quantity; at += 1) {
      const answer = await this.#ask(ask, at, quantity - taken);
      if (isRefusal(answer)) return answer;
      taken += answer.taken ?? quantity;
    }
    return { ok: true, taken };
  }

  /** As `each`, but refuses when pieces are missing. */
  async all<No extends Refusal>(ask: Ask<No>): Promise<Found | No | OutOfStock> {
    const found = await this.each(ask);
    if (isRefusal(found) || found.taken >= this.#line.quantity) return found;
    return this.#soldOut(found.taken);
  }

  /** Asks all cells, also those that have nothing of the line. */
  async everywhere(ask: Ask<never>): Promise<{ readonly ok: true }> {
    for (let at = 0; at < this.#ring.length; at += 1) {
      await this.#ask(ask, at, this.#line.quantity);
    }
    return { ok: true };
  }

  /**
   * Changes the line's quantity. Pieces stay where they are as far as they can. Every cell hears of
   * the change, so that an earlier one that comes late is refused by each.
   */
  async resize<No extends Refusal>({ key, generation }: Change, ask: Ask<No>) {
    const { quantity } = this.#line;
    if (!this.#isSplit) {
      const own = await this.#ask(ask, 0, quantity);
      if (isAll(own, quantity) || !this.#isSplit) return own;
    }
    const looks = await this.#looks(key);
    let more = quantity - looks.reduce((sum, { taken }) => sum + taken, 0);
    let no: No | undefined;
    for (const [at, { taken, generation: present }] of looks.entries()) {
      const wanted = present === generation ? taken : Math.max(0, taken + more);
      const answer = await this.#ask(ask, at, wanted);
      if (isRefusal(answer)) no = answer;
      else more -= (answer.taken ?? wanted) - taken;
    }
    return more > 0 ? (no ?? this.#soldOut(quantity - more)) : { ok: true as const };
  }

  /** Each cell that has nothing is marked, so that it says the same when all are asked again. */
  async #holdRound<No extends Refusal>(ask: Ask<No>): Promise<Found | No | OutOfStock> {
    const { quantity } = this.#line;
    let left = quantity;
    let no: No | undefined;
    for (let at = 0; at < this.#ring.length && left > 0; at += 1) {
      const answer = await this.#ask((cell, wanted) => ask(cell, wanted, "once"), at, left);
      if (!isRefusal(answer)) left -= answer.taken ?? left;
      else if (answer.refused === "shopper_limit") return answer;
      else no = answer;
    }
    return left > 0 ? (no ?? this.#toldSoldOut(quantity - left)) : { ok: true, taken: quantity };
  }

  /** Asks the cell at this place of the ring, and hears whether there are more. */
  async #ask<No extends Refusal>(ask: Ask<No>, at: number, quantity: number): Promise<Held | No> {
    const part = this.#isSplit ? "any" : undefined;
    const answer = await ask(this.#stub(this.#ring[at] ?? 0), quantity, part);
    const cells = Number(isRefusal(answer) ? answer.detail?.cells : answer.cells) || undefined;
    this.#remember(cells);
    for (let next = this.#ring.length; next < (cells ?? 0); next += 1) this.#ring.push(next);
    return answer;
  }

  #looks(key: string) {
    return Promise.all(this.#ring.map((cell) => this.#stub(cell).look(key)));
  }

  get #isSplit(): boolean {
    return this.#ring.length > 1;
  }

  /** Every cell gave a part and none said no: who may sell it instead is asked for. */
  async #toldSoldOut(available: number): Promise<OutOfStock> {
    const { last_resort } = await this.#stub(0).terms();
    const { sku } = this.#line;
    const lender = last_resort ? { lastResort: last_resort } : {};
    return refuse("out_of_stock", { sku, available, ...lender });
  }

  #soldOut(available: number): OutOfStock {
    return refuse("out_of_stock", { sku: this.#line.sku, available });
  }
}

/** Answered for the whole line; so does an object that knows of no other cells. */
function isAll(answer: Held | Refusal, quantity: number): boolean {
  return !isRefusal(answer) && (answer.taken ?? quantity) >= quantity;
}
