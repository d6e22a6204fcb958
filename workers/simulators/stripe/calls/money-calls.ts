/** The calls that read disputes, the balance and payouts. */

import type { Form } from "../api/form.ts";
import { text, texts } from "../api/params.ts";
import {
  type Movement,
  movementsOf,
  type Payout,
  payoutMovement,
  payoutsOf,
} from "../intents/balance-movements.ts";
import { intentIdOf } from "../intents/intent.ts";
import { type ApiError, invalid, isError, noSuch } from "../intents/stripe-errors.ts";
import { listJson } from "../wire/intent-wire.ts";
import type { Json } from "../wire/json.ts";
import { disputeJson, movementJson, payoutJson } from "../wire/money-wire.ts";
import type { Answer } from "./intent-calls.ts";
import { cut, pageOf } from "./lookup-calls.ts";
import type { World } from "./stripe-world.ts";

interface Item {
  readonly id: string;
  readonly createdMs: number;
}

/** A page of what is worked out and not stored; newest first. */
function pageFrom<T extends Item>(
  items: readonly T[],
  form: Form,
): { data: readonly T[]; hasMore: boolean } | ApiError {
  const page = pageOf(form);
  if (isError(page)) return page;
  const expand = texts(form, "expand")?.[0];
  if (expand !== undefined) {
    return invalid(`This property cannot be expanded (${expand}).`, { param: "expand" });
  }
  const fitting = items
    .filter(({ createdMs }) => createdMs >= page.fromMs && createdMs < page.untilMs)
    .sort((a, b) => b.createdMs - a.createdMs || (a.id < b.id ? 1 : -1));
  for (const [name, id] of [
    ["starting_after", page.startingAfter],
    ["ending_before", page.endingBefore],
  ] as const) {
    if (id !== null && !items.some((item) => item.id === id)) return noSuch("object", id, name);
  }
  if (page.endingBefore !== null) {
    const end = fitting.findIndex(({ id }) => id === page.endingBefore);
    return cut(fitting.slice(Math.max(0, end - page.limit - 1), Math.max(0, end)), page);
  }
  const start = fitting.findIndex(({ id }) => id === page.startingAfter) + 1;
  return cut(fitting.slice(start, start + page.limit + 1), page);
}

function listOf<T extends Item>(
  url: string,
  form: Form,
  items: readonly T[],
  json: (item: T) => Json,
): Answer {
  const page = pageFrom(items, form);
  if (isError(page)) return page;
  return { body: listJson(url, page.data.map(json), page.hasMore) };
}

export function retrieveDisputeCall(world: World, _form: Form, id: string): Answer {
  const intent = world.intent(intentIdOf(id));
  return intent?.dispute?.id === id ? { body: disputeJson(intent) } : noSuch("dispute", id, "id");
}

export function listDisputesCall(world: World, form: Form): Answer {
  const charge = text(form, "charge");
  const intentId = text(form, "payment_intent");
  const disputed = [...world.store.intents()].flatMap((intent) => {
    const { dispute } = intent;
    if (dispute === null || (intentId !== null && intent.id !== intentId)) return [];
    if (charge !== null && intent.charge?.id !== charge) return [];
    return [{ id: dispute.id, createdMs: dispute.createdMs, intent }];
  });
  return listOf("/v1/disputes", form, disputed, ({ intent }) => disputeJson(intent));
}

function balanceOf(world: World): { movements: Movement[]; payouts: Payout[] } {
  const movements = [...world.store.intents()].flatMap(movementsOf);
  return { movements, payouts: payoutsOf(movements, world.moment.nowMs) };
}

/** With `payout`: what it paid out, and the payout's own movement. */
export function listBalanceCall(world: World, form: Form): Answer {
  const { movements, payouts } = balanceOf(world);
  const payoutId = text(form, "payout");
  const payout = payouts.find(({ id }) => id === payoutId);
  if (payoutId !== null && !payout) return noSuch("payout", payoutId, "payout");
  const pool = payout
    ? [...payout.movements, payoutMovement(payout)]
    : [...movements, ...payouts.map(payoutMovement)];
  const wanted = (["type", "currency", "source"] as const).flatMap((name) => {
    const value = text(form, name);
    return value === null ? [] : [[name, value] as const];
  });
  const items = pool.filter((item) => wanted.every(([name, value]) => item[name] === value));
  return listOf("/v1/balance_transactions", form, items, movementJson);
}

export function retrieveBalanceCall(world: World, _form: Form, id: string): Answer {
  const { movements, payouts } = balanceOf(world);
  const found = [...movements, ...payouts.map(payoutMovement)].find((item) => item.id === id);
  return found ? { body: movementJson(found) } : noSuch("balance transaction", id, "id");
}

export function listPayoutsCall(world: World, form: Form): Answer {
  return listOf("/v1/payouts", form, balanceOf(world).payouts, payoutJson);
}

export function retrievePayoutCall(world: World, _form: Form, id: string): Answer {
  const payout = balanceOf(world).payouts.find((item) => item.id === id);
  return payout ? { body: payoutJson(payout) } : noSuch("payout", id, "id");
}
