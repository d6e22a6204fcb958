import type { OrderId, ShopId } from "../../../schema/ids.ts";
import { isRefusal, type Refusal } from "../../../schema/outcome.ts";
import { refuse } from "../../../schema/refusals.ts";
import type { EndpointId, RegisterEndpoint } from "../../../schema/webhook-endpoints.ts";
import { type EventLog, eventOf } from "../following/log-pages.ts";
import type { ReaderStore } from "../following/reader.store.ts";
import type { Delivery, DeliveryPage, Endpoint, EndpointStore } from "./endpoint.store.ts";
import { registered, removed, rotated } from "./endpoint.ts";
import { deliverOnce } from "./endpoint-effect.ts";
import { type TargetEnv, whyNotTarget } from "./endpoint-target.ts";

type NotFound = Refusal<"not_found">;
export type Mine = { readonly shopId: ShopId; readonly endpointId: EndpointId };
export type ReplayFrom = { readonly afterOffset: number } | { readonly sinceMs: number };
export type EventName = { readonly orderId: OrderId; readonly sequence: number };

export type DeskDeps = {
  readonly endpoints: EndpointStore;
  readonly readers: ReaderStore;
  readonly env: TargetEnv;
  readonly nowMs: () => number;
  readonly newSecret: () => string;
};

/** What one call needs besides: the log of its region, and its one transaction. */
export type Counter = {
  readonly log: EventLog;
  readonly transact: <R>(work: () => R) => R;
};

/** Where merchants' wishes about endpoints are met. Each endpoint has its reader of the same name. */
export class EndpointDesk {
  readonly #deps: DeskDeps;

  constructor(deps: DeskDeps) {
    this.#deps = deps;
  }

  /** A new endpoint hears what comes from now on. */
  async register(
    { log, transact }: Counter,
    registration: RegisterEndpoint & { readonly shopId: ShopId },
  ): Promise<Endpoint | Refusal<"webhook_endpoints_full" | "webhook_target_refused">> {
    const { endpoints, env, newSecret, nowMs } = this.#deps;
    const refused = whyNotTarget(registration.url, env);
    if (refused) return refused;
    const head = await log.head();
    const secret = newSecret();
    return transact(() => {
      const endpoint = registered(endpoints, registration, { secret, nowMs: nowMs() });
      if (!isRefusal(endpoint)) this.#put(endpoint, head);
      return endpoint;
    });
  }

  /** What another region's feed decided about an endpoint. */
  async copy({ log, transact }: Counter, endpoint: Endpoint): Promise<void> {
    const head = await log.head();
    transact(() => this.#put(endpoint, head));
  }

  rotate({ transact }: Counter, mine: Mine): Endpoint | NotFound {
    const { newSecret, nowMs } = this.#deps;
    const secret = newSecret();
    return transact(() => {
      const endpoint = this.mine(mine);
      if (!endpoint) return refuse("not_found");
      const after = rotated(endpoint, { secret, nowMs: nowMs() });
      this.#put(after, 0);
      return after;
    });
  }

  /** Answers also where it is removed already: whoever asks twice wants it gone. */
  remove({ transact }: Counter, { shopId, endpointId }: Mine): Endpoint | NotFound {
    return transact(() => {
      const endpoint = this.#deps.endpoints.read(endpointId);
      if (endpoint?.shopId !== shopId) return refuse("not_found");
      const after = removed(endpoint);
      this.#put(after, 0);
      return after;
    });
  }

  /** Answers the offset after which everything is sent again. */
  async replay(
    { log, transact }: Counter,
    mine: Mine,
    from: ReplayFrom,
  ): Promise<number | Refusal<"not_found" | "offset_unknown">> {
    if (!this.mine(mine)) return refuse("not_found");
    const head = await log.head();
    const afterOffset =
      "afterOffset" in from
        ? from.afterOffset
        : await offsetBefore(log, { ...from, head, shopId: mine.shopId });
    if (afterOffset > head) return refuse("offset_unknown", { end: head });
    transact(() => this.#deps.readers.rewind(mine.endpointId, afterOffset));
    return afterOffset;
  }

  /** Sends one event now, beside whatever is under way, and answers how that went. */
  async sendAgain(
    { log, transact }: Counter,
    mine: Mine,
    { orderId, sequence }: EventName,
  ): Promise<Delivery | NotFound> {
    const { endpoints, env, nowMs } = this.#deps;
    const endpoint = this.mine(mine);
    const logged = await eventOf(log, orderId, sequence);
    if (!endpoint || logged?.event.shopid !== mine.shopId) return refuse("not_found");
    const delivery = await deliverOnce(endpoint, logged.event, { store: endpoints, env, nowMs });
    transact(() => endpoints.insertDelivery(delivery));
    return delivery;
  }

  deliveries(mine: Mine, page: DeliveryPage) {
    return this.mine(mine) && this.#deps.endpoints.deliveries(mine.endpointId, page);
  }

  mine({ shopId, endpointId }: Mine): Endpoint | undefined {
    const endpoint = this.#deps.endpoints.read(endpointId);
    return endpoint && endpoint.shopId === shopId && !endpoint.isRemoved ? endpoint : undefined;
  }

  #put(endpoint: Endpoint, head: number): void {
    const { endpoints, readers } = this.#deps;
    if (!endpoints.put(endpoint)) return;
    if (endpoint.isRemoved) readers.remove(endpoint.endpointId);
    else readers.insert(endpoint.endpointId, head);
  }
}

/** Right before the shop's first event since a time; the log's end where there is none. */
async function offsetBefore(
  log: EventLog,
  { shopId, sinceMs, head }: { shopId: ShopId; sinceMs: number; head: number },
): Promise<number> {
  const [first] = await log.events(shopId, { sinceMs, afterOffset: 0, limit: 1 });
  return first ? first.offset - 1 : head;
}
