/** One Adyen merchant account: takes a request, answers as Adyen does, remembers. Runs inside its object's transaction. */

import { createHash } from "node:crypto";
import {
  type Counts,
  countCall,
  countFault,
  emptyCounts,
  type RecentCall,
  recentCall,
} from "../counts.ts";
import { type FaultRule, strike } from "../faults.ts";
import { type Body, checkObject, inner, isBody, text } from "./check.ts";
import { type AdyenControl, calmAdyen } from "./control.ts";
import {
  type ApiError,
  invalid,
  isError,
  keyInUse,
  keyReused,
  malformed,
  serverError,
  unknownRoute,
} from "./errors.ts";
import { handlers } from "./handlers.ts";
import { newReference, newSecret } from "./ids.ts";
import type { Success } from "./payments-call.ts";
import { type ApiRequest, errorReply, plainReply, type Reply, spoil } from "./reply.ts";
import { calls, type Route, routeOf } from "./routes.ts";
import type { Store } from "./store.ts";
import { SLOW_ANSWER_MS } from "./tokens.ts";
import { World } from "./world.ts";

const RECENT_MAX = 200;
const KEY_LENGTH_MAX = 64;

export interface Outcome {
  readonly reply: Reply;
  /** When the alarm must ring, in real time. */
  readonly alarmAtMs: number | null;
}

interface Call {
  readonly request: ApiRequest;
  readonly route: Route;
  /** Null when it is no JSON object. */
  readonly body: Body | null;
  readonly realNowMs: number;
  /** It was held back by a fault and runs now, with nobody waiting. */
  readonly late: boolean;
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
    this.control = { ...calmAdyen, ...JSON.parse(store.meta("control") ?? "{}") };
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
    const struck = strike(this.control, operation, () => this.#checkoutOf(call), this.counts.draws);
    this.counts.draws = struck.draws;
    if (struck.control !== this.control) this.setControl({ ...this.control, ...struck.control });
    return struck.rule;
  }

  /** Which checkout a call is about, for rules that aim at one: `metadata.checkout_id`, else the payment's reference. */
  #checkoutOf({ route, body }: Call): string | null {
    if (body === null) return null;
    if (route.name === "payments") {
      return text(inner(body, "metadata"), "checkout_id") || text(body, "reference") || null;
    }
    const result = text(inner(body, "details"), "redirectResult");
    const payment =
      route.pspReference === ""
        ? (this.#store.paymentsOf(text(body, "paymentReference"))[0] ??
          this.#store.paymentOfPage(result.split(".")[0] ?? ""))
        : this.#store.payment(route.pspReference);
    return payment && (payment.metadata.checkout_id ?? payment.merchantReference);
  }

  #answer(call: Call, rule: FaultRule | null): Outcome {
    if (rule?.kind === "late") return this.#postpone(call, rule);
    const { request, realNowMs } = call;
    const quirk = quirkOf(call);
    const latencyMs = this.control.latencyMs[calls[call.route.name].operation] ?? 0;
    const delayMs = latencyMs + (quirk === "slow" ? SLOW_ANSWER_MS : 0);
    // A stored 500 goes through the key even without effect; no other fault without effect gets that far.
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

  /** Nobody hears an answer, and the request takes effect after a while. */
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
    const fingerprint = createHash("sha256")
      .update(`${request.path}\n${request.body}`)
      .digest("base64");
    const known = key === null ? null : this.#knownReply(key, fingerprint, call);
    if (known) return known;
    const answer = answerOf(call, world, rule);
    const plain = isError(answer)
      ? errorReply(answer)
      : plainReply(answer.status, JSON.stringify(answer.body));
    const reply: Reply = { ...plain, delayMs, idempotencyKey: key };
    // What failed validation never began: its key stays free.
    const isStored = !isError(answer) || rule?.kind === "error_500_stored";
    if (key === null || !isStored) return reply;
    const { status, body } = reply;
    const times = { createdMs: world.moment.nowMs, answeredAtRealMs: realNowMs + delayMs };
    this.#store.saveKey(key, { fingerprint, status, body, ...times });
    return reply;
  }

  #knownReply(key: string, fingerprint: string, { realNowMs, late }: Call): Reply | null {
    const refuse = (error: ApiError): Reply => ({ ...errorReply(error), idempotencyKey: key });
    if (key.length === 0 || key.length > KEY_LENGTH_MAX) {
      return refuse(invalid("704", `Idempotency keys have 1 to ${KEY_LENGTH_MAX} characters`));
    }
    if (!late && this.#store.isKeyAwaited(key)) return refuse(keyInUse);
    const stored = this.#store.key(key);
    const oldestMs = realNowMs + this.control.clockShiftMs - this.control.keyLifetimeMs;
    if (!stored || stored.createdMs <= oldestMs) return null;
    if (stored.fingerprint !== fingerprint) return refuse(keyReused);
    if (stored.answeredAtRealMs > realNowMs) return refuse(keyInUse);
    return { ...plainReply(stored.status, stored.body), idempotencyKey: key, replayed: true };
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

function parsed(body: string): Body | null {
  try {
    const value: unknown = JSON.parse(body);
    return isBody(value) ? value : null;
  } catch {
    return null; // what is no JSON is refused as such
  }
}

/** A sentinel that changes how the answer of `/payments` itself arrives. */
function quirkOf({ route, body }: Call): "slow" | "reply_lost" | null {
  if (route.name !== "payments" || body === null) return null;
  const method = inner(body, "paymentMethod");
  const names = [text(method, "holderName"), text(method, "storedPaymentMethodId")];
  if (names.includes("sim slow") || names.includes("stored_sim_slow")) return "slow";
  const isLost = names.includes("sim reply lost") || names.includes("stored_sim_reply_lost");
  return isLost ? "reply_lost" : null;
}

function answerOf(call: Call, world: World, rule: FaultRule | null): Success | ApiError {
  if (rule?.kind !== "error_500_stored") return run(call, world);
  const hidden = rule.effect ? run(call, world) : null;
  return hidden !== null && isError(hidden) ? hidden : serverError;
}

function run({ route, body }: Call, world: World): Success | ApiError {
  if (body === null) return malformed("Unable to parse the request body as a JSON object");
  const problem = checkObject(body, calls[route.name].body);
  return problem ?? handlers[route.name](world, body, route.pspReference);
}
