/** Failing on demand: what the control endpoint may set, and which fault strikes a call. */

/** How a payment is made; a rule may be about one of them. */
export type Method = "card" | "ideal" | "wero" | "pix" | "upi";

export const operations = [
  "authorize",
  "details",
  "capture",
  "cancel",
  "refund",
  "lookup",
] as const;
export type Operation = (typeof operations)[number];

/**
 * Every kind, and whether the effect happens when the rule does not say.
 *
 *   error_500         500, nothing stored: a repeat with the same key runs
 *   error_500_stored  500, stored: the same key replays the 500 for ever
 *   rate_limit        429, nothing stored
 *   conflict_409      "key in use", nothing stored (Adyen says it with 422 and code 704)
 *   down              503 to everything, nothing happened: with `forMs`, an outage of that length
 *   drop_before       the connection closes without an answer; nothing happened
 *   drop_after        it happened; the connection closes without an answer
 *   late              the connection closes without an answer, and it happens `lateMs` afterwards
 *   hang              it happened; no answer for a minute, then the connection closes
 *   reset_mid_body    it happened; status, headers and half of the body arrive, then the connection closes
 *   garbage_200       it happened; 200 with a body that is not JSON
 *   empty_200         it happened; 200 with an object that says nothing
 *   html_502          it happened; a proxy's page
 */
export const effectByKind = {
  error_500: false,
  error_500_stored: true,
  rate_limit: false,
  conflict_409: false,
  down: false,
  drop_before: false,
  drop_after: true,
  late: false,
  hang: true,
  reset_mid_body: true,
  garbage_200: true,
  empty_200: true,
  html_502: true,
} as const;

export type FaultKind = keyof typeof effectByKind;

export interface FaultRule {
  readonly operation: Operation | "any";
  readonly kind: FaultKind;
  /** Whether the call takes effect although the caller does not learn it. */
  readonly effect: boolean;
  readonly probability: number;
  /** How often it may still strike; `null` is without end. */
  readonly times: number | null;
  readonly metadataCheckoutId: string | null;
  /** Only payments of this method. */
  readonly method: Method | null;
  /** When the rule ends, in real time; set by `forMs`. */
  readonly untilMs: number | null;
  readonly lateMs: number;
}

const methods = ["card", "ideal", "wero", "pix", "upi"] as const satisfies readonly Method[];

/**
 *   off         nothing is sent, and what waited is forgotten
 *   lost        events that happen under it are listed and never sent, also not later
 *   duplicate   each is sent `count` times
 *   late        each is sent after `delayMs`; the clock's shift counts
 *   reordered   the latest first
 */
export const webhookModes = ["normal", "off", "lost", "duplicate", "late", "reordered"] as const;
type WebhookMode = (typeof webhookModes)[number];

export interface Control {
  readonly latencyMs: Readonly<Partial<Record<Operation, number>>>;
  readonly faults: readonly FaultRule[];
  readonly webhooks: {
    readonly mode: WebhookMode;
    readonly delayMs: number;
    readonly count: number;
    /** What signs instead of the endpoint's own secret: two while one takes over from the other. */
    readonly secrets: readonly string[] | null;
    /** What the endpoint subscribed to; null is everything. */
    readonly events: readonly string[] | null;
    /** Stripe: what the endpoint was made for, events with their object or those that name it. */
    readonly payload: "snapshot" | "thin";
  };
  readonly searchLagMs: number;
  readonly clockShiftMs: number;
  readonly keyLifetimeMs: number;
  readonly refundSettleMs: number;
  readonly shopperMs: number;
  readonly seed: number;
}

const KEY_LIFETIME_MS = 86_400_000; // Stripe may prune a key after a day
const LATE_MS = 3_000; // past a first look-up, well within a test
const REFUND_SETTLE_MS = 1_000; // how long a pending or failing refund takes to be heard of again
const SHOPPER_MS = 3_000; // a "sim slow" shopper: past an answer, well within a test
const COUNT = 2; // how often "duplicate" sends
const LATE_WEBHOOK_MS = 5_000;

export const calm: Control = {
  latencyMs: {},
  faults: [],
  webhooks: {
    mode: "normal",
    delayMs: 0,
    count: COUNT,
    secrets: null,
    events: null,
    payload: "snapshot",
  },
  searchLagMs: 0,
  clockShiftMs: 0,
  keyLifetimeMs: KEY_LIFETIME_MS,
  refundSettleMs: REFUND_SETTLE_MS,
  shopperMs: SHOPPER_MS,
  seed: 1,
};

/** Settings that an older build stored lack those of today: they get the calm ones. */
export function storedControl(text: string | null): Control {
  const stored: Partial<Control> = JSON.parse(text ?? "{}");
  return { ...calm, ...stored, webhooks: { ...calm.webhooks, ...stored.webhooks } };
}

type Loose = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Loose {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const isOneOf = <T extends string>(list: readonly T[], value: unknown): value is T =>
  list.some((item) => item === value);

function numberIn(value: unknown, otherwise: number): number {
  return typeof value === "number" && Number.isFinite(value) ? value : otherwise;
}

const known = new Set(Object.keys(calm));

/** Reads a control body over the current setting: what it leaves out stays. What it does not know it answers with a sentence. */
export function readControl(body: unknown, current: Control, realNowMs: number): Control | string {
  if (!isRecord(body)) return "The body must be a JSON object.";
  const unknown = Object.keys(body).find((name) => !known.has(name));
  if (unknown !== undefined) return `Unknown setting: ${unknown}`;
  const faults = body.faults === undefined ? current.faults : readFaults(body.faults, realNowMs);
  if (!Array.isArray(faults)) return String(faults);
  const webhooks = body.webhooks === undefined ? current.webhooks : readWebhooks(body.webhooks);
  if (webhooks === null) return `webhooks.mode is one of ${webhookModes.join(", ")}`;
  return {
    latencyMs: isRecord(body.latencyMs) ? readLatency(body.latencyMs) : current.latencyMs,
    faults,
    webhooks,
    searchLagMs: numberIn(body.searchLagMs, current.searchLagMs),
    clockShiftMs: numberIn(body.clockShiftMs, current.clockShiftMs),
    keyLifetimeMs: numberIn(body.keyLifetimeMs, current.keyLifetimeMs),
    refundSettleMs: numberIn(body.refundSettleMs, current.refundSettleMs),
    shopperMs: numberIn(body.shopperMs, current.shopperMs),
    seed: numberIn(body.seed, current.seed),
  };
}

function readWebhooks(given: unknown): Control["webhooks"] | null {
  if (!isRecord(given)) return null;
  const mode = given.mode ?? "normal";
  if (!isOneOf(webhookModes, mode)) return null;
  const delayMs = numberIn(given.delayMs, mode === "late" ? LATE_WEBHOOK_MS : 0);
  const count = Math.max(1, numberIn(given.count, COUNT));
  const payload = given.payload === "thin" ? "thin" : "snapshot";
  const lists = { secrets: textsIn(given.secrets), events: textsIn(given.events) };
  return { mode, delayMs, count, ...lists, payload };
}

function textsIn(value: unknown): readonly string[] | null {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : null;
}

function readLatency(given: Loose): Control["latencyMs"] {
  return Object.fromEntries(
    operations
      .filter((operation) => numberIn(given[operation], 0) > 0)
      .map((operation) => [operation, numberIn(given[operation], 0)]),
  );
}

/** The rules, or a sentence about what is wrong with them. */
function readFaults(given: unknown, realNowMs: number): readonly FaultRule[] | string {
  if (!Array.isArray(given)) return "faults must be a list.";
  const rules: FaultRule[] = [];
  for (const item of given) {
    if (!isRecord(item)) return "A fault must be an object.";
    const { operation, kind } = item;
    if (operation !== "any" && !isOneOf(operations, operation)) {
      return `operation is "any" or one of ${operations.join(", ")}`;
    }
    if (!isOneOf(Object.keys(effectByKind) as FaultKind[], kind)) {
      return `kind is one of ${Object.keys(effectByKind).join(", ")}`;
    }
    const { method = null } = item;
    if (method !== null && !isOneOf(methods, method)) {
      return `method is one of ${methods.join(", ")}`;
    }
    const forMs = numberIn(item.forMs, 0);
    rules.push({
      method,
      untilMs: forMs > 0 ? realNowMs + forMs : null,
      operation,
      kind,
      effect: typeof item.effect === "boolean" ? item.effect : effectByKind[kind],
      probability: numberIn(item.probability, 1),
      times: typeof item.times === "number" ? item.times : null,
      metadataCheckoutId:
        typeof item.metadataCheckoutId === "string" ? item.metadataCheckoutId : null,
      lateMs: numberIn(item.lateMs, LATE_MS),
    });
  }
  return rules;
}

/** One of a fixed series of numbers in [0, 1) per seed: the same seed and the same calls meet the same faults. */
export function drawOf(seed: number, n: number): number {
  // Mulberry32. Source: https://github.com/bryc/code/blob/master/jshash/PRNGs.md
  let t = (seed + Math.imul(n + 1, 0x6d2b79f5)) | 0;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}

/** What a rule may ask about a call. */
export interface Target {
  readonly operation: Operation;
  readonly realNowMs: number;
  readonly checkoutId: () => string | null;
  readonly method: () => Method | null;
}

function fits(rule: FaultRule, call: Target): boolean {
  if (rule.operation !== "any" && rule.operation !== call.operation) return false;
  if (rule.untilMs !== null && rule.untilMs <= call.realNowMs) return false;
  if (rule.metadataCheckoutId !== null && rule.metadataCheckoutId !== call.checkoutId()) {
    return false;
  }
  return rule.method === null || rule.method === call.method();
}

export interface Strike {
  readonly rule: FaultRule | null;
  readonly control: Control;
  readonly draws: number;
}

/**
 * Which rule strikes this call, if any: the first that fits. Uses up one of its `times`.
 * Checkout and method are asked for only when a rule wants them.
 */
export function strike(control: Control, call: Target, draws: number): Strike {
  let drawn = draws;
  for (const [index, rule] of control.faults.entries()) {
    if (rule.times === 0) continue;
    if (!fits(rule, call)) continue;
    if (rule.probability < 1) {
      const miss = drawOf(control.seed, drawn) >= rule.probability;
      drawn += 1;
      if (miss) continue;
    }
    const used: FaultRule = { ...rule, times: rule.times === null ? null : rule.times - 1 };
    const faults = control.faults.with(index, used);
    return { rule, control: rule.times === null ? control : { ...control, faults }, draws: drawn };
  }
  return { rule: null, control, draws: drawn };
}
