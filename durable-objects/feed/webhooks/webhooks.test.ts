import { abortAllDurableObjects, evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { delivered, type OrderEvent } from "../../../schema/events.ts";
import { ShopId } from "../../../schema/ids.ts";
import { isRefusal } from "../../../schema/outcome.ts";
import type { RegionCode } from "../../../schema/regions.ts";
import { eventually } from "../../../test/eventually.ts";
import { apply, feedIn, lifeIn } from "../testing/told-feed.ts";

const demo = ShopId.parse("demo");
const SOON = { withinMs: 10_000, gapMs: 10 };

type Heard = { readonly url: string; readonly headers: Headers; readonly body: string };
let heard: Heard[] = [];
let answers: Record<string, () => Promise<Response> | Response> = {};

beforeEach(() => {
  heard = [];
  answers = {};
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const url = String(input);
    expect(init?.redirect).toBe("manual");
    heard.push({ url, headers: new Headers(init?.headers), body: String(init?.body) });
    return (await answers[url]?.()) ?? new Response("thanks");
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Answers only once it is opened. Waits by itself: an object may not await another one's promise. */
function gate() {
  let isOpen = false;
  const answer = async () => {
    while (!isOpen) await scheduler.wait(5);
    return new Response("late");
  };
  return { answer, open: () => (isOpen = true) };
}

let endpoints = 0;

async function endpointIn(region: RegionCode, types?: OrderEvent["type"][]) {
  const feed = feedIn(region, "webhooks");
  const url = `https://shop.example/hook-${++endpoints}`;
  const made = await feed.stub.register(feed.place, {
    shopId: demo,
    url,
    ...(types ? { types } : {}),
  });
  if (isRefusal(made)) throw new Error(made.refused);
  const mine = { shopId: demo, endpointId: made.endpointId };
  const state = async () => {
    const view = await feed.stub.endpointState(feed.place, mine);
    if (isRefusal(view)) throw new Error(view.refused);
    return view;
  };
  const ids = () =>
    heard.filter((each) => each.url === url).map(({ headers }) => headers.get("webhook-id"));
  const deliveries = async () => {
    const found = await feed.stub.deliveries(feed.place, mine, { limit: 100 });
    if (isRefusal(found)) throw new Error(found.refused);
    return found;
  };
  const retry = async (afterMs = 60_000) => {
    const standing = async () => {
      const { state: now, offset, failure } = await state();
      return JSON.stringify({ now, offset, attempts: failure?.attempts });
    };
    const before = await standing();
    vi.setSystemTime(Date.now() + afterMs);
    await runDurableObjectAlarm(feed.stub);
    await eventually(standing, (after) => after !== before, SOON);
  };
  return {
    ...feed,
    url,
    mine,
    secrets: made.secrets,
    state,
    ids,
    deliveries,
    retry,
    endpoint: made,
  };
}

const idsOf = (events: readonly OrderEvent[]) => events.map(({ id }) => id);
const caughtUp = (endpoint: Awaited<ReturnType<typeof endpointIn>>) =>
  eventually(endpoint.state, ({ lag }) => lag.events === 0, SOON);

test("an endpoint hears a sale's events in order, signed, from its registration on", async () => {
  await apply("eu", ...lifeIn("eu"));
  const endpoint = await endpointIn("eu");
  const life = lifeIn("eu");
  await apply("eu", ...life);
  await endpoint.wake();
  await caughtUp(endpoint);

  expect(endpoint.ids()).toEqual(idsOf(life));
  const [first] = heard;
  const verify = new Webhook(endpoint.secrets[0]?.secret ?? "");
  const headers = Object.fromEntries(first?.headers ?? []);
  expect(verify.verify(first?.body ?? "", headers)).toEqual(delivered(life[0]));
  expect(() => verify.verify(`${first?.body} `, headers)).toThrow();
  expect(await endpoint.deliveries()).toMatchObject([
    { eventId: life[2].id, attempt: 1, status: 200, delivered: true },
    { eventId: life[1].id },
    { eventId: life[0].id },
  ]);
});

test("an endpoint that wants some types hears no other", async () => {
  const endpoint = await endpointIn("eu", ["tender.order.captured.v1"]);
  const life = lifeIn("eu");
  await apply("eu", ...life);
  await endpoint.wake();
  await caughtUp(endpoint);
  expect(endpoint.ids()).toEqual([life[1].id]);
});

test("a failing endpoint is tried again until it answers, in order, and holds no other one up", async () => {
  const broken = await endpointIn("us");
  const well = await endpointIn("us");
  const slow = await endpointIn("us");
  const { answer, open } = gate();
  answers[slow.url] = answer;
  answers[broken.url] = () => new Response("no", { status: 500 });
  const life = lifeIn("us");
  await apply("us", ...life);
  await well.wake();
  await caughtUp(well);
  expect(well.ids()).toEqual(idsOf(life));
  await eventually(broken.state, ({ state }) => state === "failing", SOON);
  expect(new Set(broken.ids())).toEqual(new Set([life[0].id]));
  expect(await broken.view()).toMatchObject({ state: "running" });
  expect(slow.ids()).toEqual([life[0].id]);
  open();
  await caughtUp(slow);
  expect(slow.ids()).toEqual(idsOf(life));

  await broken.retry();
  expect(broken.ids().length).toBeGreaterThanOrEqual(2);
  delete answers[broken.url];
  await broken.retry();
  await caughtUp(broken);
  const [first, second, third] = idsOf(life);
  expect(broken.ids().filter((id) => id !== first)).toEqual([second, third]);
  const tries = broken.ids().filter((id) => id === first).length;
  const [last] = (await broken.deliveries()).filter(({ eventId }) => eventId === first);
  expect(last).toMatchObject({ attempt: tries, delivered: true });
});

test("a redirect and a silence are failures, and the log of deliveries says so", async () => {
  const redirected = await endpointIn("apac");
  const headers = { location: "http://169.254.169.254/" };
  answers[redirected.url] = () => new Response(null, { status: 302, headers });
  const silent = await endpointIn("apac");
  answers[silent.url] = () => Promise.reject(new DOMException("too slow", "TimeoutError"));
  await apply("apac", lifeIn("apac")[0]);
  await silent.wake();
  await eventually(silent.state, ({ state }) => state === "failing", SOON);
  await eventually(redirected.state, ({ state }) => state === "failing", SOON);
  expect((await redirected.deliveries())[0]).toMatchObject({
    status: 302,
    problem: "answered 302",
    delivered: false,
  });
  expect((await silent.deliveries())[0]).toMatchObject({
    problem: "TimeoutError: too slow",
    delivered: false,
  });
  expect(heard.filter(({ url }) => url.includes("169.254"))).toEqual([]);
});

test("nobody waits on for an answer that came: an object may wait for ten thousand things at most", async () => {
  const endpoint = await endpointIn("apac");
  const begun = vi.spyOn(globalThis, "setTimeout");
  const ended = vi.spyOn(globalThis, "clearTimeout");
  await apply("apac", ...lifeIn("apac"));
  await endpoint.wake();
  await caughtUp(endpoint);
  const waits = begun.mock.results.filter((_, call) => begun.mock.calls[call]?.[1] === 15_000);
  expect(waits.length).toBeGreaterThanOrEqual(3);
  const cleared = ended.mock.calls.map(([timer]) => timer);
  for (const { value } of waits) expect(cleared).toContain(value);
});

test("an endpoint that is gone is disabled at once, and goes on where it was when it is enabled", async () => {
  const endpoint = await endpointIn("sam");
  answers[endpoint.url] = () => new Response("gone", { status: 410 });
  const life = lifeIn("sam");
  await apply("sam", ...life);
  await endpoint.wake();
  const seen = await eventually(endpoint.state, ({ state }) => state === "paused", SOON);
  expect(seen.paused?.reason).toBe("gone: it answered 410");
  await endpoint.wake();
  await runDurableObjectAlarm(endpoint.stub);
  expect(endpoint.ids()).toEqual([life[0].id]);

  delete answers[endpoint.url];
  await endpoint.stub.enable(endpoint.place, endpoint.mine);
  await caughtUp(endpoint);
  expect(endpoint.ids()).toEqual([life[0].id, ...idsOf(life)]);
});

test("an operator's pause holds all endpoints, and its end enables none that was disabled", async () => {
  const [gone, well] = [await endpointIn("us"), await endpointIn("us")];
  answers[gone.url] = () => new Response("gone", { status: 410 });
  const [first, second] = [lifeIn("us"), lifeIn("us")];
  await apply("us", ...first);
  await well.wake();
  await caughtUp(well);
  await eventually(gone.state, ({ state }) => state === "paused", SOON);
  await well.stub.pause(well.place, "a move");
  await apply("us", ...second);
  await well.wake();
  await runDurableObjectAlarm(well.stub);
  expect(await well.view()).toMatchObject({ state: "paused", paused: { reason: "a move" } });
  expect(well.ids()).toEqual(idsOf(first));
  await well.stub.resume(well.place);
  await caughtUp(well);
  expect(well.ids()).toEqual(idsOf([...first, ...second]));
  expect((await gone.state()).paused?.reason).toContain("410");
});

test("an endpoint that fails for three days is disabled, and has lost nothing", async () => {
  const endpoint = await endpointIn("sam");
  answers[endpoint.url] = () => new Response("no", { status: 503 });
  const life = lifeIn("sam");
  await apply("sam", ...life);
  await endpoint.wake();
  await eventually(endpoint.state, ({ state }) => state === "failing", SOON);
  for (let day = 0; day < 4; day++) {
    if ((await endpoint.state()).state === "failing") await endpoint.retry(86_400_000);
  }
  const { paused, lag } = await endpoint.state();
  expect(paused?.reason).toBe("gave up: answered 503");
  expect(lag.events).toBe(3);
});

test("what dies between a delivery and its offset is delivered again under the same id", async () => {
  const endpoint = await endpointIn("eu");
  const life = lifeIn("eu");
  const { answer } = gate();
  answers[endpoint.url] = answer; // it has the event, and its answer finds nobody
  await apply("eu", ...life);
  await endpoint.wake();
  await eventually(
    async () => endpoint.ids(),
    ({ length }) => length === 1,
    SOON,
  );
  await abortAllDurableObjects();
  delete answers[endpoint.url];
  await endpoint.wake();
  await caughtUp(endpoint);
  expect(endpoint.ids()).toEqual([life[0].id, ...idsOf(life)]);
  expect((await endpoint.deliveries()).map(({ eventId }) => eventId)).toEqual(
    idsOf(life).toReversed(),
  );
});

test("a rotated secret signs beside the old one for a day", async () => {
  const endpoint = await endpointIn("eu");
  const rotated = await endpoint.stub.rotate(endpoint.place, endpoint.mine);
  if (isRefusal(rotated)) throw new Error(rotated.refused);
  expect(rotated.secrets).toHaveLength(2);
  expect(await endpoint.stub.rotate(endpoint.place, endpoint.mine)).toEqual(rotated);

  const verifiedBy = async (secret = "") => {
    await apply("eu", lifeIn("eu")[0]);
    await endpoint.wake();
    await caughtUp(endpoint);
    const last = heard.findLast(({ url }) => url === endpoint.url);
    vi.setSystemTime(Number(last?.headers.get("webhook-timestamp")) * 1000);
    try {
      new Webhook(secret).verify(last?.body ?? "", Object.fromEntries(last?.headers ?? []));
      return true;
    } catch {
      return false;
    }
  };
  const [fresh, old] = rotated.secrets;
  expect(old?.secret).toBe(endpoint.secrets[0]?.secret);
  expect(await verifiedBy(old?.secret)).toBe(true);
  expect(await verifiedBy(fresh?.secret)).toBe(true);
  vi.setSystemTime(Date.now() + 25 * 3_600_000);
  expect(await verifiedBy(old?.secret)).toBe(false);
  expect(await verifiedBy(fresh?.secret)).toBe(true);
});

test("events are sent again from an offset, from a time, or one by one, under their ids", async () => {
  const endpoint = await endpointIn("us");
  const life = lifeIn("us");
  await apply("us", ...life);
  await endpoint.wake();
  const { offset } = await caughtUp(endpoint);
  heard = [];
  expect(
    await endpoint.stub.replayEndpoint(endpoint.place, endpoint.mine, { afterOffset: offset - 2 }),
  ).toBe(offset - 2);
  await caughtUp(endpoint);
  expect(endpoint.ids()).toEqual(idsOf(life.slice(1)));
  heard = [];
  const never = { sinceMs: Date.now() + 86_400_000 };
  expect(await endpoint.stub.replayEndpoint(endpoint.place, endpoint.mine, never)).toBe(offset);
  const sent = await endpoint.stub.sendAgain(endpoint.place, endpoint.mine, {
    orderId: life[0].subject,
    sequence: 2,
  });
  expect(sent).toMatchObject({ eventId: life[1].id, delivered: true });
  expect(endpoint.ids()).toEqual([life[1].id]);
  const far = { afterOffset: offset + 1 };
  expect(await endpoint.stub.replayEndpoint(endpoint.place, endpoint.mine, far)).toMatchObject({
    refused: "offset_unknown",
  });
});

test("a removed endpoint hears nothing, a late copy brings it not back, and another shop sees none of it", async () => {
  const endpoint = await endpointIn("apac");
  const { stub, place, mine } = endpoint;
  const other = { ...mine, shopId: ShopId.parse("other") };
  expect(await stub.endpoint(other)).toMatchObject({ refused: "not_found" });
  expect(await stub.remove(place, other)).toMatchObject({ refused: "not_found" });
  await stub.remove(place, mine);
  await stub.copy(place, endpoint.endpoint);
  await apply("apac", ...lifeIn("apac"));
  await endpoint.wake();
  await runDurableObjectAlarm(stub);
  expect(endpoint.ids()).toEqual([]);
  expect(await stub.endpoint(mine)).toMatchObject({ refused: "not_found" });
  expect(await stub.remove(place, mine)).toMatchObject({ isRemoved: true });
});

test("a shop has twenty endpoints at most, and an address is one endpoint", async () => {
  const { stub, place } = feedIn("sam", "webhooks");
  const shopId = ShopId.parse("busy");
  const register = (n: number) =>
    stub.register(place, { shopId, url: `https://busy.example/${n}` });
  const first = await register(0);
  for (let n = 1; n < 20; n++) await register(n);
  expect(await register(20)).toMatchObject({ refused: "webhook_endpoints_full" });
  expect(await register(0)).toEqual(first);
});

test("a thousand events that come shuffled and doubled, while objects die, are heard in order, and counted once", async () => {
  const endpoint = await endpointIn("apac");
  const sums = feedIn("apac", "analytics");
  await sums.caughtUp();
  const before = await countedIn(sums);
  const lives = Array.from({ length: 334 }, () => lifeIn("apac"));
  const events = lives.flat();
  for (const batch of shuffledBatches([...events, ...events.slice(0, 200)])) {
    await apply("apac", ...batch);
    await Promise.all([endpoint.wake(), sums.wake()]);
    if (events.indexOf(batch[0] as OrderEvent) % 5 === 0) await evictDurableObject(sums.stub);
  }
  await sums.caughtUp();
  await endpoint.wake();
  await eventually(endpoint.state, ({ lag }) => lag.events === 0, { withinMs: 25_000 });

  const heardOf = Map.groupBy(endpoint.ids(), (id) => id?.split("/")[0]);
  for (const life of lives) expect(heardOf.get(life[0].subject)).toEqual(idsOf(life));
  expect((await countedIn(sums)) - before).toBe(lives.length);
});

/** Batches of fifty in an order that a seed decides: the same at every run. */
function* shuffledBatches(events: readonly OrderEvent[]) {
  let seed = 20_261_125;
  const keyed = events.map((event) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return { event, seed };
  });
  const shuffled = keyed.toSorted((a, b) => a.seed - b.seed).map(({ event }) => event);
  for (let at = 0; at < shuffled.length; at += 50) yield shuffled.slice(at, at + 50);
}

async function countedIn({ stub, place }: ReturnType<typeof feedIn>): Promise<number> {
  const ever = { shopId: demo, sinceMs: 0, untilMs: Number.MAX_SAFE_INTEGER };
  const hours = await stub.rollups(place, ever);
  return hours.reduce((sum, { orders }) => sum + orders, 0);
}
