import type { CheckoutId, Sku } from "../../schema/ids.ts";
import type { Refusal } from "../../schema/outcome.ts";
import { refuse } from "../../schema/refusals.ts";
import { allowed, type Unfair } from "./fairness.ts";
import type { HoldRow, InventoryStore } from "./inventory.store.ts";

const MINUTE_MS = 60_000;
const BACKSTOP_GRACE_MS = 5 * MINUTE_MS; // the checkout lets go by itself; this is for when it cannot
export const FORGET_AFTER_MS = 24 * 60 * MINUTE_MS; // no message of a dead hold is under way for so long
const DUE_BATCH = 500;

/** Asks for pieces. The same key always means the same hold. */
export type HoldRequest = {
  readonly key: string;
  readonly checkoutId: CheckoutId;
  readonly sku: Sku;
  readonly quantity: number;
  readonly expiresAtMs: number;
  /** The shopper's pseudonym, and whether the payment came with the wish: fairness asks. */
  readonly shopper?: string | undefined;
  readonly isPaying?: boolean | undefined;
  readonly part?: Part;
};

/** Wants a hold to have another quantity, 0 for none. A later change has a higher generation. */
export type ResizeRequest = HoldRequest & { readonly generation: number };

/** Names a hold, and the checkout's payment that wants it allocated or lets go of it. */
export type AllocationRequest = {
  readonly key: string;
  readonly sku: Sku;
  readonly payment: number;
  readonly part?: Part;
};

/**
 * Of a line that may lie in several cells: what this one has will do, and may be nothing. "once"
 * also leaves a mark where nothing could be taken, so that this cell says the same again.
 */
export type Part = "any" | "once" | undefined;

export type OutOfStock = Refusal<"out_of_stock">;
/** In how many cells the stock lies, where it is more than one, and how much of the line is here. */
export type Held = { readonly ok: true; readonly taken?: number; readonly cells?: number };
const ACCEPTED: Held = { ok: true };

/** Takes pieces until `expiresAtMs`. Refuses a key whose release came first, and what is unfair. */
export function hold(
  store: InventoryStore,
  request: HoldRequest,
  nowMs: number,
): Held | OutOfStock | Unfair {
  const { key, checkoutId, sku, expiresAtMs } = request;
  const known = store.hold(key);
  if (known)
    return isAlive(known) ? accepted(store, request.part, known.quantity) : soldOut(store, sku);
  const quantity = quantityToTake(store, request, nowMs);
  const unfair = quantity > 0 ? allowed(store, { ...request, quantity }) : undefined;
  if (quantity === 0 || unfair) {
    if (request.part === "once") bury(store, request, nowMs);
    return unfair ?? soldOut(store, sku);
  }
  const row = {
    hold_key: key,
    checkout_id: checkoutId,
    quantity,
    state: "held" as const,
    expires_at_ms: expiresAtMs,
    due_at_ms: expiresAtMs + BACKSTOP_GRACE_MS,
    generation: 1,
    shopper: counted(store, request),
  };
  store.insertHold(row, { token: "hold", kind: "hold", held: quantity, atMs: nowMs });
  store.move({ held: quantity });
  return accepted(store, request.part, quantity);
}

/** All of it, or of a part as much as there is; 0 when it cannot be had. */
function quantityToTake(
  store: InventoryStore,
  { quantity, part }: Pick<HoldRequest, "quantity" | "part">,
  nowMs: number,
): number {
  if (store.levels().available < quantity) tend(store, nowMs);
  const { available } = store.levels();
  if (available >= quantity) return quantity;
  return part ? available : 0;
}

/** Says how much of the line is here, where it may be in several cells. */
export function accepted(store: InventoryStore, part: Part, taken: number): Held {
  const { cells } = store.terms();
  if (!part && cells === 1) return ACCEPTED;
  return { ok: true, taken, ...(cells > 1 ? { cells } : {}) };
}

/** Nothing of the line was ever here: another cell has it. */
function isElsewhere(row: HoldRow | undefined, part: Part): boolean {
  return part !== undefined && (row === undefined || row.quantity === 0);
}

/** Changes how many pieces are held; less always succeeds. Refuses what a later change overtook. */
export function resize(
  store: InventoryStore,
  request: ResizeRequest,
  nowMs: number,
): Held | OutOfStock | Unfair {
  const { key, checkoutId, sku, generation, expiresAtMs, part } = request;
  const row = store.hold(key);
  if (row?.generation === generation) return accepted(store, part, row.quantity);
  if (row && (row.generation > generation || row.state === "allocated")) return soldOut(store, sku);
  const has = row?.state === "held" ? row.quantity : 0;
  const wanted = request.quantity - has;
  const more = wanted > 0 ? quantityToTake(store, { quantity: wanted, part }, nowMs) : wanted;
  if (more < wanted && !part) return soldOut(store, sku);
  const shopper = row?.shopper ?? request.shopper;
  const unfair = more > 0 ? allowed(store, { shopper, sku, quantity: more }) : undefined;
  if (unfair) return unfair;
  const quantity = has + more;
  const isHeld = quantity > 0;
  const changed = {
    hold_key: key,
    checkout_id: checkoutId,
    quantity,
    state: isHeld ? ("held" as const) : ("released" as const),
    expires_at_ms: expiresAtMs,
    due_at_ms: isHeld ? expiresAtMs + BACKSTOP_GRACE_MS : nowMs + FORGET_AFTER_MS,
    generation,
  };
  const move = { token: `resize/${generation}`, kind: "resize", held: more, atMs: nowMs } as const;
  if (row) store.updateHold({ ...row, ...changed }, move);
  else store.insertHold({ ...changed, shopper: counted(store, request) }, move);
  store.move({ held: more });
  return accepted(store, part, quantity);
}

/** Whom a hold is counted for, where the SKU has a limit per shopper. */
function counted(store: InventoryStore, { shopper }: HoldRequest): string | null {
  return store.terms().shopper_max === null ? null : (shopper ?? null);
}

/** Keeps a hold for longer; never shortens it. One that the backstop took is taken again. */
export function extend(
  store: InventoryStore,
  request: HoldRequest,
  nowMs: number,
): Held | OutOfStock {
  const row = store.hold(request.key);
  const { part } = request;
  if (isElsewhere(row, part)) return accepted(store, part, 0);
  if (row?.state === "allocated") return accepted(store, part, row.quantity);
  if (!row || row.state === "released") return soldOut(store, request.sku);
  const isRetaken = row.state === "expired";
  if (isRetaken && !retake(store, row, nowMs)) return soldOut(store, request.sku);
  const expiresAtMs = Math.max(row.expires_at_ms, request.expiresAtMs);
  if (!isRetaken && expiresAtMs === row.expires_at_ms) return accepted(store, part, row.quantity);
  const due_at_ms = expiresAtMs + BACKSTOP_GRACE_MS;
  const extended = { state: "held" as const, expires_at_ms: expiresAtMs, due_at_ms };
  store.updateHold(
    { ...row, ...extended },
    {
      ...{ token: `extend/${expiresAtMs}/${nowMs}`, kind: "extend", atMs: nowMs },
      ...(isRetaken ? { held: row.quantity } : {}),
    },
  );
  return accepted(store, part, row.quantity);
}

/** Gives the pieces of a sale that is not placed back. Before its hold it leaves a tombstone. */
export function release(
  store: InventoryStore,
  request: Pick<HoldRequest, "key" | "checkoutId" | "part">,
  nowMs: number,
): Held {
  const row = store.hold(request.key);
  if (!row) bury(store, request, nowMs);
  else if (row.state !== "released") giveBack(store, row, { token: "release", nowMs });
  return accepted(store, request.part, row?.quantity ?? 0);
}

/** What is left of a hold goes back on the shelf; pieces that were shipped are gone for good. */
export function giveBack(
  store: InventoryStore,
  row: HoldRow,
  { token, nowMs }: { readonly token: string; readonly nowMs: number },
): void {
  const { state, quantity, shipped } = row;
  const kind = token === "release" ? "release" : "restock";
  const change =
    state === "held"
      ? { held: -quantity }
      : state === "allocated"
        ? { allocated: shipped - quantity }
        : {};
  store.move(change);
  const left =
    shipped > 0
      ? { quantity: shipped }
      : { state: "released" as const, due_at_ms: nowMs + FORGET_AFTER_MS };
  store.updateHold({ ...row, ...left }, { token, kind, ...change, atMs: nowMs });
}

/** Whatever comes under this key from now on comes too late. */
function bury(
  store: InventoryStore,
  { key, checkoutId }: Pick<HoldRequest, "key" | "checkoutId">,
  nowMs: number,
): void {
  store.insertHold({
    hold_key: key,
    checkout_id: checkoutId,
    quantity: 0,
    state: "released",
    expires_at_ms: nowMs,
    due_at_ms: nowMs + FORGET_AFTER_MS,
    generation: 1,
    shopper: null,
  });
}

/** Turns held pieces into sold ones. After the backstop it takes them again, all or none. */
export function allocate(
  store: InventoryStore,
  { key, sku, payment, part }: AllocationRequest,
  nowMs: number,
): Held | OutOfStock {
  const row = store.hold(key);
  if (isElsewhere(row, part)) return accepted(store, part, 0);
  if (row?.state === "allocated") return accepted(store, part, row.quantity);
  if (!row || row.state === "released" || payment <= row.undone_up_to) return soldOut(store, sku);
  const isRetaken = row.state === "expired";
  if (isRetaken && !retake(store, row, nowMs)) return soldOut(store, sku);
  store.move({ held: -row.quantity, allocated: row.quantity });
  store.updateHold(
    { ...row, state: "allocated", allocated_by: payment },
    {
      ...{ token: `allocate/${payment}`, kind: "allocate", atMs: nowMs },
      ...{ held: isRetaken ? 0 : -row.quantity, allocated: row.quantity },
    },
  );
  return accepted(store, part, row.quantity);
}

/** Undoes a payment's allocation: the pieces are held again. Refuses that payment's late allocate. */
export function unallocate(
  store: InventoryStore,
  { key, payment, part }: AllocationRequest,
  nowMs: number,
): Held {
  const row = store.hold(key);
  if (!row) return accepted(store, part, 0);
  const undone = { ...row, undone_up_to: Math.max(row.undone_up_to, payment) };
  if (row.state === "allocated" && row.allocated_by <= payment) {
    const change = { held: row.quantity, allocated: -row.quantity };
    const token = `unallocate/${row.allocated_by}`;
    store.move(change);
    store.updateHold(
      { ...undone, state: "held" },
      { token, kind: "unallocate", ...change, atMs: nowMs },
    );
  } else {
    store.updateHold(undone);
  }
  return accepted(store, part, row.quantity);
}

/** Takes overdue holds back and forgets long dead ones. Answers whether more are due. */
export function tend(store: InventoryStore, nowMs: number): boolean {
  const due = store.dueHolds(nowMs, DUE_BATCH);
  for (const row of due) {
    if (row.state === "held") {
      store.move({ held: -row.quantity });
      store.updateHold(
        { ...row, state: "expired", due_at_ms: nowMs + FORGET_AFTER_MS },
        { token: `expire/${nowMs}`, kind: "expire", held: -row.quantity, atMs: nowMs },
      );
    } else {
      store.deleteHold(row.hold_key);
    }
  }
  return due.length === DUE_BATCH;
}

function retake(store: InventoryStore, row: HoldRow, nowMs: number): boolean {
  if (store.levels().available < row.quantity) tend(store, nowMs);
  if (store.levels().available < row.quantity) return false;
  store.move({ held: row.quantity });
  return true;
}

function isAlive({ state }: HoldRow): boolean {
  return state === "held" || state === "allocated";
}

function soldOut(store: InventoryStore, sku: Sku): OutOfStock {
  const { cells } = store.terms();
  const { available } = store.levels();
  return refuse("out_of_stock", { sku, available, ...(cells > 1 ? { cells } : {}) });
}
