import type { PaymentMethod, ProviderName } from "../../schema/payment.ts";
import type { RegionCode } from "../../schema/regions.ts";
import { type Breaker, closedBreaker } from "./circuit-breaker.ts";

/** How one call went. Only a fault speaks against the provider; a bank's no is a good answer. */
export type Sample = {
  readonly provider: ProviderName;
  readonly method: PaymentMethod;
  readonly outcome: "answered" | "refused" | "fault";
  readonly durationMs: number;
  /** When it ended, epoch ms: it may be told in company, some seconds later. */
  readonly atMs: number;
};

/** What a region knows of one provider and method. Times in epoch ms, 0 for never. */
export type PairHealth = {
  readonly provider: ProviderName;
  readonly method: PaymentMethod;
  readonly breaker: Breaker;
  readonly lastFaultAtMs: number;
  readonly lastGoodAtMs: number;
};

/** Tells the region's health what happened, and answers how all stands there. */
type Ask = (region: RegionCode, samples: readonly Sample[]) => Promise<readonly PairHealth[]>;

const SECOND_MS = 1000;
const FRESH_MS = 5 * SECOND_MS; // older than that, the region is asked again behind the sale
const REPORT_EVERY_MS = 2 * SECOND_MS; // good news can wait for company
const ASK_MAX_MS = 10 * SECOND_MS; // then it is lost: the object that asked may be gone
const WAITING_MAX = 500; // while a region cannot be told; older ones say little by then
/** A connection that failed a minute ago says nothing about the next one. */
const SUSPECT_MS = 60 * SECOND_MS;

type View = {
  pairs: readonly PairHealth[];
  readonly lastOf: Map<ProviderName, { readonly isFault: boolean; readonly atMs: number }>;
  waiting: Sample[];
  isUrgent: boolean;
  askedAtMs: number;
  isAsking: boolean;
};

/**
 * What an isolate knows of the providers' health, one view a region. Nobody waits for it: what is at
 * hand is answered, and a fresher state is fetched behind. Who has heard nothing takes all for well.
 */
export class HealthWatch {
  readonly #views = new Map<RegionCode, View>();
  readonly #ask: Ask;
  readonly #nowMs: () => number;

  constructor(ask: Ask, nowMs: () => number) {
    this.#ask = ask;
    this.#nowMs = nowMs;
  }

  /** Takes a sample; bad news is told at once, and good news of whom bad news was heard. */
  note(region: RegionCode, sample: Sample): void {
    const view = this.#viewOf(region);
    const { provider, method, outcome, atMs } = sample;
    const isFault = outcome === "fault";
    view.lastOf.set(provider, { isFault, atMs });
    view.waiting = [...view.waiting, sample].slice(-WAITING_MAX);
    view.isUrgent ||= isFault || pairIn(view, provider, method)?.breaker.isOpen === true;
    this.#tellWhenDue(region, view, REPORT_EVERY_MS);
  }

  breakerOf(region: RegionCode, provider: ProviderName, method: PaymentMethod): Breaker {
    const view = this.#viewOf(region);
    this.#tellWhenDue(region, view, FRESH_MS);
    return pairIn(view, provider, method)?.breaker ?? closedBreaker(0);
  }

  /** Whether the last that was heard of the provider was a fault, and lately. */
  isSuspect(region: RegionCode, provider: ProviderName): boolean {
    const { pairs, lastOf } = this.#viewOf(region);
    const own = lastOf.get(provider);
    const ofRegion = pairs.filter((pair) => pair.provider === provider);
    const faults = ofRegion.map(({ lastFaultAtMs }) => lastFaultAtMs);
    const goods = ofRegion.map(({ lastGoodAtMs }) => lastGoodAtMs);
    const lastFaultMs = Math.max(0, own?.isFault ? own.atMs : 0, ...faults);
    const lastGoodMs = Math.max(0, own && !own.isFault ? own.atMs : 0, ...goods);
    return lastFaultMs > lastGoodMs && this.#nowMs() - lastFaultMs < SUSPECT_MS;
  }

  #tellWhenDue(region: RegionCode, view: View, everyMs: number): void {
    const sinceMs = this.#nowMs() - view.askedAtMs;
    if (view.isAsking && sinceMs < ASK_MAX_MS) return;
    if (view.isUrgent || sinceMs > everyMs) void this.#tell(region, view);
  }

  /** Unawaited by whoever sells: it never throws. */
  async #tell(region: RegionCode, view: View): Promise<void> {
    const samples = view.waiting;
    Object.assign(view, { waiting: [], isUrgent: false });
    Object.assign(view, { isAsking: true, askedAtMs: this.#nowMs() });
    try {
      view.pairs = await this.#ask(region, samples);
    } catch (problem) {
      // The samples age and are not told again; the sales go on as before.
      console.warn({ event: "health.report_failed", region, problem: String(problem) });
    }
    view.isAsking = false;
    if (view.isUrgent) this.#tellWhenDue(region, view, REPORT_EVERY_MS);
  }

  #viewOf(region: RegionCode): View {
    const known = this.#views.get(region);
    if (known) return known;
    const own = { pairs: [], lastOf: new Map(), waiting: [] };
    const view: View = { ...own, isUrgent: false, askedAtMs: 0, isAsking: false };
    this.#views.set(region, view);
    return view;
  }
}

function pairIn({ pairs }: View, provider: ProviderName, method: PaymentMethod) {
  return pairs.find((pair) => pair.provider === provider && pair.method === method);
}
