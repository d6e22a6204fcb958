/** One Stripe account: takes a request, answers as Stripe does, remembers. Runs inside its object's transaction. */

import {
  type Counts,
  countCall,
  countFault,
  emptyCounts,
  type RecentCall,
  recentCall,
} from "../../control/call-counts.ts";
import { type Control, type FaultRule, storedControl, strike } from "../../control/faults.ts";
import { dueAfter } from "../../webhooks/webhook-pace.ts";
import { decodeForm } from "../api/form.ts";
import { calls, routeOf } from "../api/stripe-api-routes.ts";
import { newId, newRequestId } from "../api/stripe-ids.ts";
import { type ApiRequest, errorReply, type Reply, spoil } from "../api/stripe-reply.ts";
import { aimOf } from "../calls/fault-target.ts";
import { type Call, delayOf, losesReply, perform } from "../calls/stripe-call.ts";
import { World } from "../calls/stripe-world.ts";
import type { Intent } from "../intents/intent.ts";
import { serverError, unknownRoute } from "../intents/stripe-errors.ts";
import type { Store } from "../storage/intent-store.ts";
import type { EventStore } from "../webhooks/event-store.ts";

const RECENT_MAX = 200;
const PRUNE_EVERY = 500; // calls between two clearings of old keys

export interface Outcome {
  readonly reply: Reply;
  /** When the alarm must ring, in real time. */
  readonly alarmAtMs: number | null;
}

/** When a change happens and on whose behalf. */
export interface Occasion {
  readonly realNowMs: number;
  readonly delayMs?: number;
  readonly requestId?: string;
  readonly idempotencyKey?: string | null;
  readonly bankUrl?: string;
}

export class Account {
  readonly #store: Store;
  readonly #events: EventStore;
  readonly #hasListener: boolean;
  /** Newest last; lost in a restart. */
  readonly recent: RecentCall[] = [];
  control: Control;
  counts: Counts;

  constructor(store: Store, events: EventStore, hasListener: boolean) {
    this.#store = store;
    this.#events = events;
    this.#hasListener = hasListener;
    this.control = storedControl(store.meta("control"));
    this.counts = { ...emptyCounts(), ...JSON.parse(store.meta("counts") ?? "{}") };
  }

  setControl(control: Control): void {
    this.control = control;
    this.#store.setMeta("control", JSON.stringify(control));
  }

  saveCounts(): void {
    this.#store.setMeta("counts", JSON.stringify(this.counts));
  }

  call(request: ApiRequest, realNowMs: number, late = false): Outcome {
    const requestId = newRequestId();
    const route = routeOf(request.method, request.path);
    if (!route) {
      const error = unknownRoute(request.method, request.path);
      return { reply: errorReply(error, requestId), alarmAtMs: null };
    }
    const form = decodeForm(request.form);
    const call: Call = { request, route, form, requestId, realNowMs, late };
    const rule = late ? null : this.#strike(call);
    const outcome = this.#answer(call, rule);
    this.#record(call, outcome.reply, rule);
    return outcome;
  }

  /** A view of the account for one change of it. */
  world({ realNowMs, delayMs = 0, requestId, idempotencyKey, bankUrl = "" }: Occasion): World {
    const { control } = this;
    const nowMs = realNowMs + control.clockShiftMs;
    return new World({
      store: this.#store,
      events: this.#events,
      control,
      realNowMs,
      moment: {
        nowMs,
        id: newId,
        bankUrl: ({ id, clientSecret }: Intent) =>
          bankUrl.replace("{id}", id).replace("{secret}", clientSecret),
      },
      source: {
        nowMs,
        requestId: requestId ?? null,
        idempotencyKey: idempotencyKey ?? null,
        // Told once the answer is out; which of the two arrives first nobody promises.
        dueMs: (type) => (this.#hasListener ? dueAfter(type, realNowMs + delayMs, control) : null),
        eventId: () => newId("evt"),
      },
    });
  }

  #strike(call: Call): FaultRule | null {
    if (this.control.faults.length === 0) return null;
    const { operation } = calls[call.route.name];
    const target = { operation, realNowMs: call.realNowMs, ...aimOf(call, this.#store) };
    const struck = strike(this.control, target, this.counts.draws);
    this.counts.draws = struck.draws;
    if (struck.control !== this.control) this.setControl(struck.control);
    return struck.rule;
  }

  #answer(call: Call, rule: FaultRule | null): Outcome {
    if (rule?.kind === "late") return this.#postpone(call, rule);
    const { request, requestId, realNowMs } = call;
    const delayMs = delayOf(call, this.control);
    // Without effect the call does not run. Except a stored 500: its key has to remember the 500.
    if (rule && !rule.effect && rule.kind !== "error_500_stored") {
      const nothing = { ...errorReply(serverError(), requestId), delayMs };
      return { reply: spoil(rule, nothing), alarmAtMs: null };
    }
    const { idempotencyKey, bankUrl } = request;
    const world = this.world({ realNowMs, delayMs, requestId, idempotencyKey, bankUrl });
    const reply = perform(call, world, rule);
    const { alarmAtMs } = world;
    if (rule) return { reply: spoil(rule, reply), alarmAtMs };
    if (!losesReply(call, reply)) return { reply, alarmAtMs };
    countFault(this.counts, "authorize", "drop_after");
    return { reply: { ...reply, cut: "before_headers" }, alarmAtMs };
  }

  /** The fault "late": no answer now, and the alarm runs the request after `lateMs`. */
  #postpone(call: Call, rule: FaultRule): Outcome {
    const { request, requestId } = call;
    const reply = spoil(rule, errorReply(serverError(), requestId));
    if (request.method !== "POST") return { reply, alarmAtMs: null };
    const dueMs = call.realNowMs + rule.lateMs;
    this.#events.addChore("late_call", dueMs, JSON.stringify(request), request.idempotencyKey);
    return { reply, alarmAtMs: dueMs };
  }

  #record(call: Call, reply: Reply, rule: FaultRule | null): void {
    const { name } = call.route;
    const { operation } = calls[name];
    const nowMs = call.realNowMs + this.control.clockShiftMs;
    if (rule) countFault(this.counts, operation, rule.kind);
    countCall(this.counts, operation, name, reply);
    const at = { nowMs, call: name, late: call.late };
    this.recent.push(recentCall(at, call.request, reply, rule?.kind ?? null));
    if (this.recent.length > RECENT_MAX) this.recent.shift();
    // Look-ups and replays alone do not pay for a commit; their counts go with the next change or fault.
    const changes = call.request.method === "POST" && !reply.replayed && reply.status !== 409;
    if (changes || rule) this.saveCounts();
    const isTimeToPrune = (this.counts.calls[name] ?? 0) % PRUNE_EVERY === 0;
    if (isTimeToPrune) this.#store.pruneKeys(nowMs - this.control.keyLifetimeMs);
  }
}
