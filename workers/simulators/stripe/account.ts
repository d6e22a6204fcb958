/** One Stripe account: takes a request, answers as Stripe does, remembers. Runs inside its object's transaction. */

import type { RecentCall } from "./counts.ts";
import { type Counts, countCall, countFault, emptyCounts, recentCall } from "./counts.ts";
import { type ApiError, invalid, isError, serverError, unknownRoute } from "./errors.ts";
import { type Control, calm, type FaultRule, strike } from "./faults.ts";
import { decodeForm, type Form } from "./form.ts";
import { handlers } from "./handlers.ts";
import { fingerprintOf, readKey, replayOf } from "./idempotency.ts";
import { newId, newRequestId } from "./ids.ts";
import { intentIdOf } from "./intent.ts";
import type { Answer } from "./intent-calls.ts";
import { checkParams, inner, tableFor, text } from "./params.ts";
import { type ApiRequest, errorReply, plainReply, type Reply, spoil } from "./reply.ts";
import { calls, type Route, routeOf } from "./routes.ts";
import type { EventSource, Store } from "./store.ts";
import { cardOf } from "./tokens.ts";
import { dueAfter } from "./webhooks.ts";
import { World } from "./world.ts";

const RECENT_MAX = 200;
const PRUNE_EVERY = 500; // calls between two clearings of old keys

/** One request on its way through. */
interface Call {
  readonly request: ApiRequest;
  readonly route: Route;
  readonly form: Form;
  readonly requestId: string;
  readonly realNowMs: number;
  readonly nowMs: number;
  /** It was held back by a fault and runs now, with nobody waiting. */
  readonly late: boolean;
}

export interface Outcome {
  readonly reply: Reply;
  readonly alarmAtMs: number | null;
}

export class Account {
  readonly #store: Store;
  readonly #hasListener: boolean;
  readonly recent: RecentCall[] = [];
  control: Control;
  counts: Counts;

  constructor(store: Store, hasListener: boolean) {
    this.#store = store;
    this.#hasListener = hasListener;
    this.control = { ...calm, ...JSON.parse(store.meta("control") ?? "{}") };
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
    const nowMs = realNowMs + this.control.clockShiftMs;
    const form = decodeForm(request.form);
    const call: Call = { request, route, form, requestId, realNowMs, nowMs, late };
    const rule = late ? null : this.#strike(call);
    const outcome = this.#answer(call, rule);
    this.#record(call, outcome.reply, rule);
    return outcome;
  }

  #strike(call: Call): FaultRule | null {
    if (this.control.faults.length === 0) return null;
    const { operation } = calls[call.route.name];
    const struck = strike(
      this.control,
      operation,
      () => this.#checkoutIdOf(call),
      this.counts.draws,
    );
    this.counts.draws = struck.draws;
    if (struck.control !== this.control) this.setControl(struck.control);
    return struck.rule;
  }

  /** Which checkout a call is about, for rules that aim at one. */
  #checkoutIdOf({ route, form }: Call): string | null {
    const own = text(inner(form, "metadata"), "checkout_id");
    if (own !== null) return own;
    const query = /metadata\[["']checkout_id["']\]:["']([^"']+)["']/.exec(
      text(form, "query") ?? "",
    );
    if (query) return query[1] ?? null;
    const charge = text(form, "charge");
    const id = route.id || text(form, "payment_intent") || (charge ? intentIdOf(charge) : "");
    const intentId = id.startsWith("pi_") ? id : intentIdOf(id);
    return this.#store.intent(intentId)?.metadata.checkout_id ?? null;
  }

  #answer(call: Call, rule: FaultRule | null): Outcome {
    if (rule?.kind === "late") return this.#postpone(call, rule);
    // A stored 500 without effect still runs through the key; every other fault without effect never gets that far.
    if (rule && !rule.effect && rule.kind !== "error_500_stored") {
      const nothing = errorReply(serverError(), call.requestId);
      const delayMs = this.#delayOf(call);
      return { reply: spoil(rule, { ...nothing, delayMs }), alarmAtMs: null };
    }
    const outcome = this.#throughKey(call, rule);
    return rule ? { ...outcome, reply: spoil(rule, outcome.reply) } : outcome;
  }

  /** Nobody hears an answer, and the request takes effect after a while. */
  #postpone(call: Call, rule: FaultRule): Outcome {
    const dueMs = call.realNowMs + rule.lateMs;
    if (call.request.method === "POST") {
      const body = JSON.stringify(call.request);
      this.#store.addChore("late_call", dueMs, body, call.request.idempotencyKey);
    }
    const nothing = errorReply(serverError(), call.requestId);
    return { reply: spoil(rule, nothing), alarmAtMs: dueMs };
  }

  #delayOf({ route, form }: Call): number {
    const { operation } = calls[route.name];
    const own =
      operation === "authorize" ? cardOf(text(form, "payment_method") ?? "")?.answerDelayMs : 0;
    return (this.control.latencyMs[operation] ?? 0) + (own ?? 0);
  }

  #throughKey(call: Call, rule: FaultRule | null): Outcome {
    const { request, requestId, nowMs, late } = call;
    if (request.method === "POST") {
      const { keyLifetimeMs } = this.control;
      const state = readKey(this.#store, request, { nowMs, keyLifetimeMs, late });
      if (state.kind === "refused") {
        return { reply: errorReply(state.error, requestId), alarmAtMs: null };
      }
      if (state.kind === "replay") {
        const reply = replayOf(state.stored, request.idempotencyKey ?? "", requestId);
        return { reply, alarmAtMs: null };
      }
    }
    return this.#execute(call, rule);
  }

  #execute(call: Call, rule: FaultRule | null): Outcome {
    const { request, route, form, requestId, nowMs } = call;
    const delayMs = this.#delayOf(call);
    const world = this.#world(call, delayMs);
    const runs = rule === null || rule.effect;
    let answer: Answer = runs ? this.#run(world, route, form, request.version) : serverError();
    if (rule?.kind === "error_500_stored" && (!isError(answer) || answer.executed)) {
      answer = serverError();
    }
    const key = request.method === "POST" ? request.idempotencyKey : null;
    const reply: Reply = {
      ...(isError(answer)
        ? errorReply(answer, requestId)
        : plainReply(200, JSON.stringify(answer.body), requestId)),
      idempotencyKey: key,
      originalRequestId: key === null ? null : requestId,
      delayMs,
    };
    if (key !== null && (!isError(answer) || answer.executed)) {
      const { status, body } = reply;
      const fingerprint = fingerprintOf(request);
      const answeredAtMs = nowMs + delayMs;
      this.#store.saveKey(key, { fingerprint, status, body, requestId, answeredAtMs }, nowMs);
    }
    const lost = !call.late && loses(call);
    if (lost) countFault(this.counts, "authorize", "drop_after");
    return {
      reply: lost ? { ...reply, cut: "before_headers" } : reply,
      alarmAtMs: world.alarmAtMs,
    };
  }

  #run(world: World, route: Route, form: Form, version: string): Answer {
    const { params, required } = calls[route.name];
    const problem = checkVersion(version) ?? checkParams(form, tableFor(params, version), required);
    return problem ?? handlers[route.name](world, form, route.id);
  }

  #world(call: Call, delayMs: number): World {
    const key = call.request.method === "POST" ? call.request.idempotencyKey : null;
    return this.world({ ...call, delayMs, key, origin: call.request.origin });
  }

  world(at: {
    readonly realNowMs: number;
    readonly delayMs: number;
    readonly requestId: string | null;
    readonly key: string | null;
    readonly origin: string;
  }): World {
    const nowMs = at.realNowMs + this.control.clockShiftMs;
    const source: EventSource = {
      nowMs,
      requestId: at.requestId,
      idempotencyKey: at.key,
      // Told once the answer is out: at Stripe, too, either may arrive first.
      dueMs: this.#hasListener ? dueAfter(at.realNowMs + at.delayMs, this.control) : null,
      eventId: () => newId("evt"),
    };
    const moment = { nowMs, origin: at.origin, id: newId };
    return new World(this.#store, this.control, moment, { source, realNowMs: at.realNowMs });
  }

  #record(call: Call, reply: Reply, rule: FaultRule | null): void {
    const { operation } = calls[call.route.name];
    if (rule) countFault(this.counts, operation, rule.kind);
    countCall(this.counts, operation, call.route.name, reply);
    const at = { nowMs: call.nowMs, call: call.route.name, late: call.late };
    this.recent.push(recentCall(at, call.request, reply, rule?.kind ?? null));
    if (this.recent.length > RECENT_MAX) this.recent.shift();
    // Look-ups alone do not pay for a write; their counts go with the next change or fault.
    if (call.request.method === "POST" || rule) this.saveCounts();
    const total = this.counts.calls[call.route.name] ?? 0;
    if (total % PRUNE_EVERY === 0) this.#store.pruneKeys(call.nowMs - this.control.keyLifetimeMs);
  }
}

/** A sentinel token whose first answer goes astray. */
function loses({ route, form }: Call): boolean {
  const token = text(form, "payment_method") ?? "";
  return calls[route.name].operation === "authorize" && cardOf(token)?.losesFirstReply === true;
}

function checkVersion(version: string): ApiError | null {
  return /^\d{4}-\d{2}-\d{2}(\.\w+)?$/.test(version)
    ? null
    : invalid(`Invalid Stripe API version: ${version}`);
}
