/** One Adyen merchant account: takes a request, answers as Adyen does, remembers. Runs inside its object's transaction. */

import {
  type Counts,
  countCall,
  countFault,
  emptyCounts,
  type RecentCall,
  recentCall,
} from "../../control/call-counts.ts";
import { type FaultRule, strike } from "../../control/faults.ts";
import { calls, routeOf } from "../api/adyen-api-routes.ts";
import { isError, serverError, unknownRoute } from "../api/adyen-errors.ts";
import { newReference, newSecret } from "../api/adyen-ids.ts";
import { type ApiRequest, errorReply, plainReply, type Reply, spoil } from "../api/adyen-reply.ts";
import {
  answerOf,
  type Call,
  fingerprintOf,
  knownReply,
  parsed,
  quirkOf,
} from "../calls/adyen-call.ts";
import { World } from "../calls/adyen-world.ts";
import { aimOf } from "../calls/fault-target.ts";
import { SLOW_ANSWER_MS } from "../payments/test-cards.ts";
import { type AdyenControl, storedAdyenControl } from "../storage/adyen-control.ts";
import type { Store } from "../storage/payment-store.ts";

const RECENT_MAX = 200;

export interface Outcome {
  readonly reply: Reply;
  /** When the alarm must ring, in real time. */
  readonly alarmAtMs: number | null;
}

/** When a change happens and on whose behalf. */
interface Occasion {
  readonly realNowMs: number;
  readonly delayMs?: number;
  readonly idempotencyKey?: string | null;
  readonly origin?: string;
}

export class Account {
  readonly #store: Store;
  readonly #hasListener: boolean;
  /** Newest last; lost in a restart. */
  readonly recent: RecentCall[] = [];
  control: AdyenControl;
  counts: Counts;

  constructor(store: Store, hasListener: boolean) {
    this.#store = store;
    this.#hasListener = hasListener;
    this.control = storedAdyenControl(store.meta("control"));
    this.counts = { ...emptyCounts(), ...JSON.parse(store.meta("counts") ?? "{}") };
  }

  setControl(control: AdyenControl): void {
    this.control = control;
    this.#store.setMeta("control", JSON.stringify(control));
  }

  saveCounts(): void {
    this.#store.setMeta("counts", JSON.stringify(this.counts));
  }

  world({ realNowMs, delayMs = 0, idempotencyKey = null, origin = "" }: Occasion): World {
    const { control } = this;
    const nowMs = realNowMs + control.clockShiftMs;
    return new World({
      store: this.#store,
      control,
      moment: { nowMs, settleMs: control.refundSettleMs, newReference, newSecret },
      realNowMs,
      delayMs,
      idempotencyKey,
      origin,
      hasListener: this.#hasListener,
    });
  }

  call(request: ApiRequest, realNowMs: number, late = false): Outcome {
    const route = routeOf(request.path);
    if (!route) return { reply: errorReply(unknownRoute(request.path)), alarmAtMs: null };
    const call: Call = { request, route, body: parsed(request.body), realNowMs, late };
    const rule = late ? null : this.#strike(call);
    const outcome = this.#answer(call, rule);
    this.#record(call, outcome.reply, rule);
    return outcome;
  }

  #strike(call: Call): FaultRule | null {
    if (this.control.faults.length === 0) return null;
    const { operation } = calls[call.route.name];
    const target = { operation, realNowMs: call.realNowMs, ...aimOf(call, this.#store) };
    const struck = strike(this.control, target, this.counts.draws);
    this.counts.draws = struck.draws;
    if (struck.control !== this.control) this.setControl({ ...this.control, ...struck.control });
    return struck.rule;
  }

  #answer(call: Call, rule: FaultRule | null): Outcome {
    if (rule?.kind === "late") return this.#postpone(call, rule);
    const { request, realNowMs } = call;
    const quirk = quirkOf(call);
    const latencyMs = this.control.latencyMs[calls[call.route.name].operation] ?? 0;
    const delayMs = latencyMs + (quirk === "slow" ? SLOW_ANSWER_MS : 0);
    // Without effect the call does not run. Except a stored 500: its key has to remember the 500.
    if (rule && !rule.effect && rule.kind !== "error_500_stored") {
      return { reply: spoil(rule, { ...errorReply(serverError), delayMs }), alarmAtMs: null };
    }
    const { idempotencyKey, origin } = request;
    const world = this.world({ realNowMs, delayMs, idempotencyKey, origin });
    const reply = this.#perform(call, world, { rule, delayMs });
    const { alarmAtMs } = world;
    if (rule) return { reply: spoil(rule, reply), alarmAtMs };
    const isFirst = !call.late && !reply.replayed && reply.status === 200;
    if (quirk !== "reply_lost" || !isFirst) return { reply, alarmAtMs };
    countFault(this.counts, "authorize", "drop_after");
    return { reply: { ...reply, cut: "before_headers" }, alarmAtMs };
  }

  /** The fault "late": no answer now, and the alarm runs the request after `lateMs`. */
  #postpone({ request, realNowMs }: Call, rule: FaultRule): Outcome {
    const dueMs = realNowMs + rule.lateMs;
    this.#store.addLateCall(JSON.stringify(request), dueMs, request.idempotencyKey);
    return { reply: spoil(rule, errorReply(serverError)), alarmAtMs: dueMs };
  }

  /** The key's own answer when it has one, else what running the call gives. */
  #perform(
    call: Call,
    world: World,
    { rule, delayMs }: { rule: FaultRule | null; delayMs: number },
  ): Reply {
    const { request, realNowMs } = call;
    const key = request.idempotencyKey;
    const fingerprint = fingerprintOf(request);
    const known = knownReply(call, this.#store, this.control);
    if (known) return known;
    const answer = answerOf(call, world, rule);
    const plain = isError(answer)
      ? errorReply(answer)
      : plainReply(answer.status, JSON.stringify(answer.body));
    const reply: Reply = { ...plain, delayMs, idempotencyKey: key };
    // A refused request never ran, so its key may be used again.
    const isStored = !isError(answer) || rule?.kind === "error_500_stored";
    if (key === null || !isStored) return reply;
    const { status, body } = reply;
    const times = { createdMs: world.moment.nowMs, answeredAtRealMs: realNowMs + delayMs };
    this.#store.saveKey(key, { fingerprint, status, body, ...times });
    return reply;
  }

  #record({ route, request, realNowMs, late }: Call, reply: Reply, rule: FaultRule | null): void {
    const { operation } = calls[route.name];
    if (rule) countFault(this.counts, operation, rule.kind);
    countCall(this.counts, operation, route.name, reply);
    const at = { nowMs: realNowMs + this.control.clockShiftMs, call: route.name, late };
    this.recent.push(recentCall(at, request, reply, rule?.kind ?? null));
    if (this.recent.length > RECENT_MAX) this.recent.shift();
    this.saveCounts();
  }
}
