import { DurableObject } from "cloudflare:workers";
import { orderStoreOf } from "../../orders/region-order-store.ts";
import { MINUTE_MS, SECOND_MS } from "../../schema/durations.ts";
import type { FeedName, FeedView, ReaderView, Rollup } from "../../schema/feeds.ts";
import type { ShopId } from "../../schema/ids.ts";
import { isRefusal, type Refusal } from "../../schema/outcome.ts";
import { refuse } from "../../schema/refusals.ts";
import { RegionCode, regionCodes } from "../../schema/regions.ts";
import {
  type DeliveryView,
  EndpointId,
  type RegisterEndpoint,
} from "../../schema/webhook-endpoints.ts";
import { AlarmClock } from "../alarm-clock.ts";
import { nowMs } from "../clock.ts";
import { checkoutStub } from "../placement.ts";
import { Tables } from "../tables.ts";
import { ANALYTICS_SCHEMA, Analytics, type RollupRequest } from "./analytics-feed.ts";
import type { Effect } from "./following/effect.ts";
import { HandedLog, type LogPart } from "./following/handed-log.ts";
import { changeOf, type EventLog } from "./following/log-pages.ts";
import { lettersOf } from "./following/passed-by-letters.ts";
import { READER_SCHEMA } from "./following/reader.row.ts";
import { ReaderStore } from "./following/reader.store.ts";
import { isWell, lagOf, readerView, slowest } from "./following/reader-view.ts";
import { Readers } from "./following/readers.ts";
import { Wakes } from "./following/wakes.ts";
import { MAIL_SCHEMA, MailFeed, mailboxPage, type SentMail } from "./mail-feed.ts";
import { mirrorEffect } from "./mirror-feed.ts";
import { deliveryView } from "./webhooks/delivery-view.ts";
import { ENDPOINT_SCHEMA } from "./webhooks/endpoint.schema.ts";
import { type DeliveryPage, type Endpoint, EndpointStore } from "./webhooks/endpoint.store.ts";
import {
  type Counter,
  EndpointDesk,
  type EventName,
  type Mine,
  type ReplayFrom,
} from "./webhooks/endpoint-desk.ts";
import { endpointEffect } from "./webhooks/endpoint-effect.ts";

const SCHEMA = READER_SCHEMA + ANALYTICS_SCHEMA + MAIL_SCHEMA + ENDPOINT_SCHEMA;
const LOOK_AGAIN_MS = 15 * SECOND_MS; // a wake that was lost costs seconds
const LOOK_AGAIN_MAX_MS = 10 * MINUTE_MS; // a region that sells nothing is hardly asked
const WAKE_GAP_MS = SECOND_MS; // at twenty sales a second one look reads sixty events
const SECRET_BYTES = 32;
const ANEW = { isReplay: false, isFirstTry: false } as const;

export type FeedPlace = { readonly region: RegionCode; readonly feed: FeedName };
type NotFound = Refusal<"not_found">;

/**
 * One feed of one region: it follows the log with durable positions, and does with each event what
 * the feed is for (decision 15). The webhooks' feed has a reader per endpoint, the mirror one per other
 * region, the rest have one.
 */
export class FeedObject extends DurableObject<Env> {
  readonly #tables = new Tables(this.ctx.storage.sql, SCHEMA, "feed");
  readonly #store = new ReaderStore(this.ctx.storage.sql);
  readonly #alarm = new AlarmClock(this.ctx.storage, this.env);
  readonly #analytics = new Analytics(this.ctx.storage.sql);
  readonly #endpoints = new EndpointStore(this.ctx.storage.sql);
  readonly #mail = new MailFeed(this.ctx.storage.sql, {
    mailbox: mailboxPage,
    addressee: (shopId, checkoutId) => checkoutStub(this.env, shopId, checkoutId).addressee(shopId),
    acknowledgement: (shopId, checkoutId, n) =>
      checkoutStub(this.env, shopId, checkoutId).acknowledgement(shopId, n),
    nowMs: () => this.#nowMs(),
  });
  readonly #desk = new EndpointDesk({
    endpoints: this.#endpoints,
    readers: this.#store,
    env: this.env,
    nowMs: () => this.#nowMs(),
    newSecret,
  });
  readonly #wakes = new Wakes(WAKE_GAP_MS);
  #readers: Readers | undefined;
  #log: HandedLog | undefined;
  #lookAgainMs = LOOK_AGAIN_MS;

  /**
   * There may be more in the log: `part` of it, where the caller knows it. Answers at once. Wakes
   * within a second are one look, at its end.
   */
  wake(place: FeedPlace, part?: LogPart): void {
    this.#lookAgainMs = LOOK_AGAIN_MS;
    if (this.#tables.isEmpty()) this.#transact(place, () => undefined);
    else this.#alarm.setFor(this.#nowMs() + LOOK_AGAIN_MS);
    if (part) this.#handedLog(place).hand(part);
    else this.#handedLog(place).forget();
    this.#wakes.once(() => this.#readOnQuietly(place));
  }

  async view(place: FeedPlace): Promise<FeedView> {
    const log = this.#logOf(place);
    const isNew = this.#tables.isEmpty();
    // Before the log's end is asked for, which only grows: nobody stands beyond it.
    const rows = isNew ? [] : this.#store.all();
    const pause = isNew ? undefined : this.#store.paused();
    const now = { head: await log.head(), nowMs: this.#nowMs() };
    const isWebhooks = place.feed === "webhooks";
    const row = slowest(isWebhooks ? rows.filter(isWell) : rows, isWebhooks ? now.head : 0);
    const lag = await lagOf(log, row.position, now);
    return { ...place, end: now.head, ...readerView(row, lag, pause) };
  }

  /** Stays where it is; what is under way comes to its end. */
  pause(place: FeedPlace, reason: string): void {
    this.#transact(place, () => this.#store.pauseAll({ reason, atMs: this.#nowMs() }));
  }

  /** Goes on. What fails tries again now; an endpoint that was disabled is its merchant's to enable. */
  resume(place: FeedPlace): void {
    this.#transact(place, () => {
      this.#store.pauseAll(undefined);
      this.#store.retryAll();
    });
    this.#drive(place);
  }

  /**
   * Reads again from an offset on. What an event does once is not done again: a mail is not sent
   * twice, nothing is counted twice; from the log's start the sums are made anew. Endpoints hear all
   * of it again, under the same ids.
   */
  async replay(
    place: FeedPlace,
    afterOffset: number,
  ): Promise<Refusal<"offset_unknown"> | undefined> {
    const end = await this.#logOf(place).head();
    if (afterOffset > end) return refuse("offset_unknown", { end });
    this.#transact(place, () => {
      for (const { reader } of this.#store.all()) this.#store.rewind(reader, afterOffset);
      if (place.feed !== "analytics" || afterOffset > 0) return;
      this.#analytics.clear();
      this.#store.forgetReached(place.feed);
    });
    this.#drive(place);
    return undefined;
  }

  /** Does again what a feed gave up on: one event, whose dead letter an operator redrives. */
  async redo(place: FeedPlace, event: EventName): Promise<NotFound | undefined> {
    const change = await changeOf(this.#logOf(place), event);
    if (!change) return refuse("not_found");
    for (const reader of readersOf(place)) {
      const outcome = await this.#effectOf(place, reader)?.perform([change], ANEW);
      if (outcome && outcome.is !== "done") throw new Error(`It failed again: ${outcome.problem}`);
      this.#transact(place, () => outcome?.write?.());
    }
    return undefined;
  }

  rollups({ region }: FeedPlace, request: RollupRequest): readonly Rollup[] {
    return this.#tables.isEmpty() ? [] : this.#analytics.read(region, request);
  }

  mails(shopId: ShopId, limit: number): readonly SentMail[] {
    return this.#tables.isEmpty() ? [] : this.#mail.sent(shopId, limit);
  }

  register(place: FeedPlace, registration: RegisterEndpoint & { readonly shopId: ShopId }) {
    return this.#desk.register(this.#counter(place), registration);
  }

  copy(place: FeedPlace, endpoint: Endpoint): Promise<void> {
    return this.#desk.copy(this.#counter(place), endpoint);
  }

  rotate(place: FeedPlace, mine: Mine): Endpoint | NotFound {
    return this.#desk.rotate(this.#counter(place), mine);
  }

  remove(place: FeedPlace, mine: Mine): Endpoint | NotFound {
    return this.#desk.remove(this.#counter(place), mine);
  }

  endpoints(shopId: ShopId): readonly Endpoint[] {
    return this.#tables.isEmpty() ? [] : this.#endpoints.all(shopId);
  }

  endpoint(mine: Mine): Endpoint | NotFound {
    const found = this.#tables.isEmpty() ? undefined : this.#desk.mine(mine);
    return found ?? refuse("not_found");
  }

  /** Where an endpoint stands in this region. */
  async endpointState(place: FeedPlace, { endpointId }: Mine): Promise<ReaderView | NotFound> {
    const row = this.#tables.isEmpty() ? undefined : this.#store.read(endpointId);
    if (!row) return refuse("not_found");
    const log = this.#logOf(place);
    const now = { head: await log.head(), nowMs: this.#nowMs() };
    return readerView(row, await lagOf(log, row.position, now));
  }

  /** Goes on after it was disabled, with the event that it was disabled at. */
  enable(place: FeedPlace, { endpointId }: Mine): void {
    this.#transact(place, () => this.#store.resume(endpointId));
    this.#drive(place);
  }

  async replayEndpoint(place: FeedPlace, mine: Mine, from: ReplayFrom) {
    const afterOffset = await this.#desk.replay(this.#counter(place), mine, from);
    this.#drive(place);
    return afterOffset;
  }

  async sendAgain(
    place: FeedPlace,
    mine: Mine,
    event: EventName,
  ): Promise<DeliveryView | NotFound> {
    const delivery = await this.#desk.sendAgain(this.#counter(place), mine, event);
    return isRefusal(delivery) ? delivery : deliveryView(place.region, delivery);
  }

  deliveries(place: FeedPlace, mine: Mine, page: DeliveryPage): readonly DeliveryView[] | NotFound {
    const found = this.#tables.isEmpty() ? undefined : this.#desk.deliveries(mine, page);
    return found?.map((each) => deliveryView(place.region, each)) ?? refuse("not_found");
  }

  /**
   * What is due, or a look whether a wake was lost: ever less eagerly while nothing comes. It waits
   * for nobody: a slow endpoint must not keep the alarm from another one's retry.
   */
  override alarm(): void {
    this.#alarm.rang();
    const place = this.#tables.isEmpty() ? undefined : this.#store.place();
    if (!place) return;
    this.#lookAgainMs = Math.min(LOOK_AGAIN_MAX_MS, this.#lookAgainMs * 2);
    this.#drive(place);
    this.#arm();
  }

  /** Looks into the store itself, whatever was handed over: a wake may have been lost. */
  #drive(place: FeedPlace): void {
    this.#handedLog(place).forget();
    this.#readOn(place);
  }

  /** Nobody hears what a timer throws. */
  #readOnQuietly(place: FeedPlace): void {
    try {
      this.#readOn(place);
    } catch (problem) {
      this.#report(place, "feed.fault", { reader: "all", problem: String(problem) });
    }
  }

  #readOn(place: FeedPlace): void {
    this.#readers ??= this.#newReaders(place);
    const readers = this.#readers;
    for (const { reader } of this.#store.all()) {
      this.ctx.waitUntil(this.#driveOne(place, readers, reader));
    }
  }

  async #driveOne(place: FeedPlace, readers: Readers, reader: string): Promise<void> {
    try {
      const hasMore = await readers.drive(reader);
      if (hasMore) this.#alarm.setFor(this.#nowMs());
      else this.#arm();
    } catch (problem) {
      this.#report(place, "feed.fault", { reader, problem: String(problem) });
    }
  }

  #newReaders(place: FeedPlace): Readers {
    return new Readers({
      store: this.#store,
      log: this.#handedLog(place),
      effectOf: (reader) => this.#effectOf(place, reader),
      transact: (work) => this.#transact(place, work),
      lettersOf: (failed) => lettersOf({ ...failed, place, nowMs: this.#nowMs() }),
      nowMs: () => this.#nowMs(),
      chance: Math.random,
      report: (event, detail) => this.#report(place, event, detail),
    });
  }

  #effectOf({ feed }: FeedPlace, reader: string): Effect | undefined {
    if (feed === "analytics") return this.#analytics.effect;
    if (feed === "mail") return this.#mail.effect;
    const now = () => this.#nowMs();
    if (feed === "mirror") {
      const other = RegionCode.parse(reader);
      return mirrorEffect(() => orderStoreOf(this.env, other), now);
    }
    const deps = { store: this.#endpoints, env: this.env, nowMs: now };
    return endpointEffect(EndpointId.parse(reader), deps);
  }

  #counter(place: FeedPlace): Counter {
    return { log: this.#logOf(place), transact: (work) => this.#transact(place, work) };
  }

  #logOf({ region }: FeedPlace): EventLog {
    return orderStoreOf(this.env, region);
  }

  #handedLog(place: FeedPlace): HandedLog {
    this.#log ??= new HandedLog(this.#logOf(place));
    return this.#log;
  }

  #transact<R>(place: FeedPlace, work: () => R): R {
    const transaction = () => {
      this.#tables.ensureSchema();
      this.#store.found(place, readersOf(place));
      const value = work();
      this.#arm();
      return value;
    };
    try {
      return this.#alarm.within(() => this.ctx.storage.transactionSync(transaction));
    } catch (problem) {
      // The tables may have gone with what the transaction took back, and memory has what never was.
      this.#tables.forget();
      this.#store.forget();
      this.#endpoints.forget();
      throw problem;
    }
  }

  #arm(): void {
    const lookMs = this.#nowMs() + this.#lookAgainMs;
    this.#alarm.setFor(
      Math.min(this.#store.earliestDueMs(this.#readers?.running ?? []) ?? lookMs, lookMs),
    );
  }

  #report({ region, feed }: FeedPlace, event: string, detail: Record<string, string>): void {
    console.error({ event, region, feed, ...detail });
  }

  #nowMs(): number {
    return nowMs(this.env);
  }
}

/** Endpoints come and go; every other reader is there from the start. */
function readersOf({ region, feed }: FeedPlace): readonly string[] {
  if (feed === "webhooks") return [];
  return feed === "mirror" ? regionCodes.filter((code) => code !== region) : [feed];
}

function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return `whsec_${Buffer.from(bytes).toString("base64")}`;
}
