/** The calls that only read. */

import type { Form } from "../api/form.ts";
import { inner, integer, text, texts } from "../api/params.ts";
import { intentIdOf } from "../intents/intent.ts";
import { type ApiError, invalid, isError, noSuch } from "../intents/stripe-errors.ts";
import type { Page } from "../storage/list-cursor.ts";
import { eventJson } from "../webhooks/event-wire.ts";
import { chargeJson } from "../wire/charge-wire.ts";
import { intentJson, listJson, refundJson } from "../wire/intent-wire.ts";
import type { Json } from "../wire/json.ts";
import { type Answer, intentOr404, wantsCharge } from "./intent-calls.ts";
import type { World } from "./stripe-world.ts";

const LIMIT_DEFAULT = 10;
const LIMIT_MAX = 100;

export function retrieveCall(world: World, form: Form, id: string): Answer {
  const expand = wantsCharge(form);
  if (typeof expand !== "boolean") return expand;
  const intent = intentOr404(world, id);
  if (isError(intent)) return intent;
  return { body: intentJson(intent, expand) };
}

function limitOf(form: Form): number | ApiError {
  const limit = integer(form, "limit") ?? LIMIT_DEFAULT;
  return limit >= 1 && limit <= LIMIT_MAX
    ? limit
    : invalid(`Invalid limit: must be between 1 and ${LIMIT_MAX}`, { param: "limit" });
}

/** `created` is a second, or a range of seconds; the store keeps milliseconds. */
export function pageOf(form: Form): Page | ApiError {
  const limit = limitOf(form);
  if (typeof limit !== "number") return limit;
  const range = inner(form, "created");
  const exact = text(form, "created");
  const bounds = exact === null ? range : { gte: exact, lte: exact };
  for (const [name, value] of Object.entries(bounds)) {
    if (!["gt", "gte", "lt", "lte"].includes(name)) {
      return invalid(`Received unknown parameter: created[${name}]`, {
        code: "parameter_unknown",
        param: `created[${name}]`,
      });
    }
    if (typeof value !== "string" || !/^\d+$/.test(value)) {
      return invalid(`Invalid integer: ${String(value)}`, {
        code: "parameter_invalid_integer",
        param: `created[${name}]`,
      });
    }
  }
  const ms = (name: string, shift: number, otherwise: number): number =>
    bounds[name] === undefined ? otherwise : (Number(bounds[name]) + shift) * 1000;
  return {
    limit,
    startingAfter: text(form, "starting_after"),
    endingBefore: text(form, "ending_before"),
    fromMs: Math.max(ms("gte", 0, 0), ms("gt", 1, 0)),
    untilMs: Math.min(ms("lt", 0, Number.MAX_SAFE_INTEGER), ms("lte", 1, Number.MAX_SAFE_INTEGER)),
  };
}

/** The store reads one row more than asked for, at the far end of the direction of travel. */
export function cut<T>(rows: readonly T[], page: Page): { data: readonly T[]; hasMore: boolean } {
  const hasMore = rows.length > page.limit;
  if (!hasMore) return { data: rows, hasMore };
  return {
    data: page.endingBefore === null ? rows.slice(0, page.limit) : rows.slice(1),
    hasMore,
  };
}

export function listCall(world: World, form: Form): Answer {
  const expand = wantsCharge(form, "data.latest_charge");
  if (typeof expand !== "boolean") return expand;
  const page = pageOf(form);
  if (isError(page)) return page;
  for (const name of ["starting_after", "ending_before"]) {
    const id = text(form, name);
    if (id !== null && !world.store.intent(id)) return noSuch("payment_intent", id, name);
  }
  const { data, hasMore } = cut(world.store.listIntents(page), page);
  const items = data.map((intent) => intentJson(world.lapse(intent), expand));
  return { body: listJson("/v1/payment_intents", items, hasMore) };
}

const clausePattern =
  /^\s*(?:metadata\[["']([^"']+)["']\]|(status|currency|amount))\s*:\s*(?:"([^"]*)"|'([^']*)'|(\d+))\s*$/;

type Clause = { readonly key: string; readonly metadata: boolean; readonly value: string };

/** Stripe's search language, as far as metadata, status, currency and amount joined by AND. */
export function readQuery(query: string): Clause[] | null {
  const clauses: Clause[] = [];
  for (const part of query.split(/\s+AND\s+/i)) {
    const match = clausePattern.exec(part);
    if (!match) return null;
    const [, metadataKey, field, quoted, single, digits] = match;
    const value = quoted ?? single ?? digits ?? "";
    clauses.push({
      key: metadataKey ?? field ?? "",
      metadata: metadataKey !== undefined,
      value,
    });
  }
  return clauses;
}

/** Search lags behind: it does not know intents younger than the lag. */
export function searchCall(world: World, form: Form): Answer {
  const expand = wantsCharge(form, "data.latest_charge");
  if (typeof expand !== "boolean") return expand;
  const limit = limitOf(form);
  if (typeof limit !== "number") return limit;
  const clauses = readQuery(text(form, "query") ?? "");
  if (!clauses) {
    return invalid("We couldn't parse your search query. Refer to the API documentation.", {
      param: "query",
    });
  }
  const checkout = clauses.find((clause) => clause.metadata && clause.key === "checkout_id");
  const pool = checkout ? world.store.intentsOfCheckout(checkout.value) : world.store.intents();
  const knownUntilMs = world.moment.nowMs - world.control.searchLagMs;
  const offset = Number(text(form, "page") ?? 0) || 0;
  const found: Json[] = [];
  for (const stored of pool) {
    if (stored.createdMs > knownUntilMs) continue;
    const intent = world.lapse(stored);
    const json = intentJson(intent, expand) as Readonly<Record<string, Json>>;
    const fits = clauses.every(({ key, metadata, value }) =>
      metadata ? intent.metadata[key] === value : String(json[key]) === value,
    );
    if (fits) found.push(json);
  }
  const data = found.slice(offset, offset + limit);
  const hasMore = found.length > offset + limit;
  return {
    body: {
      object: "search_result",
      data,
      has_more: hasMore,
      next_page: hasMore ? String(offset + limit) : null,
      url: "/v1/payment_intents/search",
    },
  };
}

export function retrieveRefundCall(world: World, _form: Form, id: string): Answer {
  const intent = world.intent(intentIdOf(id));
  const refund = intent?.refunds.find((r) => r.id === id);
  return intent && refund ? { body: refundJson(intent, refund) } : noSuch("refund", id, "id");
}

/** Newest first, of one intent, one charge or all. */
export function listRefundsCall(world: World, form: Form): Answer {
  const limit = limitOf(form);
  if (typeof limit !== "number") return limit;
  const charge = text(form, "charge");
  const id = text(form, "payment_intent") ?? (charge === null ? null : intentIdOf(charge));
  const pool = id === null ? [...world.store.intents()] : [world.intent(id) ?? []].flat();
  const refunds = pool
    .flatMap((intent) => intent.refunds.map((refund) => ({ intent, refund })))
    .sort((a, b) => b.refund.createdMs - a.refund.createdMs);
  const after = refunds.findIndex((r) => r.refund.id === text(form, "starting_after")) + 1;
  const data = refunds.slice(after, after + limit);
  return {
    body: listJson(
      "/v1/refunds",
      data.map(({ intent, refund }) => refundJson(intent, refund)),
      refunds.length > after + limit,
    ),
  };
}

export function retrieveChargeCall(world: World, _form: Form, id: string): Answer {
  const intent = world.intent(intentIdOf(id));
  return intent?.charge?.id === id
    ? { body: chargeJson(intent, intent.charge) }
    : noSuch("charge", id, "id");
}

export function retrieveEventCall(world: World, _form: Form, id: string): Answer {
  const event = world.events.event(id);
  return event ? { body: eventJson(event) } : noSuch("event", id, "id");
}

export function listEventsCall(world: World, form: Form): Answer {
  const page = pageOf(form);
  if (isError(page)) return page;
  const type = text(form, "type");
  const types = texts(form, "types") ?? (type === null ? [] : [type]);
  const { data, hasMore } = cut(world.events.list(page, types), page);
  return { body: listJson("/v1/events", data.map(eventJson), hasMore) };
}
