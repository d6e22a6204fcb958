import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { FeedView, MailView, Rollup } from "../../schema/feeds.ts";
import { eventually } from "../eventually.ts";
import { callsAt, merchantServer } from "./merchant.ts";
import { CLEAN, openShop, type Shop, shopIn } from "./open-shop.ts";

const LOCAL = { WEBHOOK_TARGETS_LOCAL: "allowed" };
const SETTLED = { withinMs: 40_000 };

const shop = await openShop(LOCAL);
const calls = callsAt(shop.url);

async function sell(at: Shop): Promise<string> {
  const { body } = await at.pay(await at.open("mug"), "pm_card_visa");
  return body.orderId ?? "";
}

const life = (orderId: string) => [1, 2, 3].map((sequence) => `${orderId}/${sequence}`);
const unique = (ids: readonly string[]) => [...new Set(ids)];

const feedView = async (feed: string): Promise<FeedView | undefined> => {
  const { body } = await calls.operator("GET", "/feeds?region=eu");
  return (body as { feeds: FeedView[] }).feeds.find((each) => each.feed === feed);
};

test("a sale's events reach a merchant's server signed and in order, beside servers that fail, are slow, and are gone", async () => {
  const [well, failing, slow, gone] = await Promise.all([1, 2, 3, 4].map(() => merchantServer()));
  if (!well || !failing || !slow || !gone) throw new Error("four servers");
  failing.answers((response) => response.writeHead(500).end());
  slow.answers(() => undefined);
  gone.answers((response) => response.writeHead(410).end());
  const servers = [well, failing, slow, gone];
  const endpoints = await Promise.all(servers.map(({ url }) => calls.register(url)));
  const [wellId = "", failingId = "", , goneId = ""] = endpoints.map(
    ({ endpointId }) => endpointId,
  );

  const orderId = await sell(shop);
  await eventually(
    async () => well.idsOf(orderId),
    ({ length }) => length === 3,
    SETTLED,
  );
  const events = well.verified(orderId, endpoints[0]?.secrets[0]?.secret ?? "");
  expect(events.map(({ id }) => id)).toEqual(life(orderId));
  expect(events.map(({ type }) => type)).toEqual([
    "tender.order.placed.v1",
    "tender.order.captured.v1",
    "tender.order.fulfillment_requested.v1",
  ]);
  expect(await calls.deliveries(wellId)).toMatchObject([
    { status: 200 },
    { status: 200 },
    { status: 200 },
  ]);

  const disabled = await eventually(
    () => calls.endpoint(goneId),
    ({ regions }) => regions?.some(({ state }) => state === "paused") ?? false,
    SETTLED,
  );
  expect(disabled.regions?.find(({ region }) => region === "eu")?.paused?.reason).toContain("410");
  expect(gone.idsOf(orderId)).toEqual([`${orderId}/1`]);
  await eventually(
    async () => failing.idsOf(orderId),
    ({ length }) => length >= 2,
    SETTLED,
  );
  expect(unique(failing.idsOf(orderId))).toEqual([`${orderId}/1`]);
  expect(unique(slow.idsOf(orderId))).toEqual([`${orderId}/1`]);

  for (const server of servers) server.answers((response) => response.end("thanks"));
  await calls.enable(goneId);
  await calls.enable(failingId);
  for (const server of [failing, gone, slow]) {
    const heard = await eventually(
      async () => unique(server.idsOf(orderId)),
      ({ length }) => length === 3,
      SETTLED,
    );
    expect(heard).toEqual(life(orderId));
  }
});

test("a merchant has one event or a stretch of them sent again, and can end it", async () => {
  const server = await merchantServer();
  const { endpointId } = await calls.register(server.url);
  const orderId = await sell(shop);
  await eventually(
    async () => server.idsOf(orderId),
    ({ length }) => length === 3,
    SETTLED,
  );

  const again = await calls.merchant("POST", `/webhook-endpoints/${endpointId}/replay`, {
    orderId,
    sequence: "0000000002",
  });
  expect(again.body).toMatchObject({ delivery: { eventId: `${orderId}/2`, delivered: true } });
  await calls.merchant("POST", `/webhook-endpoints/${endpointId}/replay`, {
    region: "eu",
    afterOffset: 0,
  });
  await eventually(
    async () => server.idsOf(orderId),
    ({ length }) => length === 7,
    SETTLED,
  );
  expect(server.idsOf(orderId).slice(4)).toEqual(life(orderId));
  const far = { region: "eu", afterOffset: 1_000_000 };
  const refused = await calls.merchant("POST", `/webhook-endpoints/${endpointId}/replay`, far);
  expect(refused).toMatchObject({ status: 400, body: { code: "offset_unknown" } });

  const removed = await calls.merchant("DELETE", `/webhook-endpoints/${endpointId}`);
  expect(removed).toMatchObject({ status: 200, body: { removed: true } });
  expect((await calls.merchant("GET", `/webhook-endpoints/${endpointId}`)).status).toBe(404);
});

test("an address that is not the public internet's is refused, and a storefront's key registers nothing", async () => {
  const inner = await calls.merchant("POST", "/webhook-endpoints", {
    url: "https://169.254.169.254/",
  });
  expect(inner).toMatchObject({ status: 400, body: { code: "webhook_target_refused" } });
  const wrong = await shop.storefront.send("POST", "/v1/webhook-endpoints", {
    body: { url: "https://a.example/" },
  });
  expect(wrong).toMatchObject({ status: 403, body: { code: "forbidden" } });
});

test("a paused feed stays, its lag is told, and it makes up for it when it is resumed", async () => {
  await eventually(
    () => feedView("analytics"),
    (view) => view?.lag.events === 0,
    SETTLED,
  );
  const paused = await calls.operator("POST", "/feeds/eu/analytics/pause", {
    reason: "a look at it",
  });
  expect(paused.body).toMatchObject({ state: "paused", paused: { reason: "a look at it" } });
  const at = (paused.body as FeedView).offset;
  await sell(shop);
  const late = await eventually(
    () => feedView("analytics"),
    (view) => view?.lag.events === 3,
    SETTLED,
  );
  expect(late?.offset).toBe(at);
  await calls.operator("POST", "/feeds/eu/analytics/resume");
  await eventually(
    () => feedView("analytics"),
    (view) => view?.lag.events === 0,
    SETTLED,
  );
});

test("the hours' sums are those of the orders, also when the whole log is read again", async () => {
  const sums = async () => {
    const { body } = await calls.operator("GET", "/analytics?region=eu");
    const { hours } = body as { hours: Rollup[] };
    const total = (key: "orders" | "capturedMinor") =>
      hours.reduce((sum, hour) => sum + hour[key], 0);
    return { orders: total("orders"), capturedMinor: total("capturedMinor") };
  };
  const { orders } = await shop.dumps();
  const captured = orders.reduce((sum, { captured: money }) => sum + (money?.amountMinor ?? 0), 0);
  const expected = { orders: orders.length, capturedMinor: captured };
  expect(await sums()).toEqual(expected);
  await calls.operator("POST", "/feeds/eu/analytics/replay", { afterOffset: 0 });
  await eventually(
    () => feedView("analytics"),
    (view) => view?.lag.events === 0,
    SETTLED,
  );
  expect(await sums()).toEqual(expected);
});

test("the mailbox is a page, and the events are published", async () => {
  const page = await fetch(`${shop.url}/mailbox`);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain("What shoppers were written");
  expect((await fetch(`${shop.url}/docs/mailbox.js`)).status).toBe(200);
  const document = (await (await fetch(`${shop.url}/asyncapi.json`)).json()) as {
    asyncapi: string;
  };
  expect(document.asyncapi).toBe("3.0.0");
  expect(await (await fetch(`${shop.url}/docs/events`)).text()).toContain("tender.order.placed.v1");
});

test("a shop whose sales went well has no dead letter", async () => {
  const { body } = await calls.operator("GET", "/dead-letters?state=open");
  expect(body).toMatchObject({ letters: [] });
});

test("the shopper's mail is in the mailbox, once an order", async () => {
  await eventually(
    () => feedView("mail"),
    (view) => view?.lag.events === 0,
    SETTLED,
  );
  const { body } = await calls.operator("GET", "/mailbox?region=eu");
  const { mails } = body as { mails: MailView[] };
  const { orders } = await shop.dumps();
  expect(mails.map(({ orderId }) => orderId).toSorted()).toEqual(
    orders.map(({ orderId }) => orderId).toSorted(),
  );
  expect(mails[0]?.to).toEqual({ email: "ada@example.com", name: "Ada Lovelace" });
});

test("a server that dies with a delivery under way delivers it again under its id, and the rest in order", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tender-feeds-"));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const server = await merchantServer();
  server.answers(() => undefined); // it has the event, and its answer reaches nobody
  const first = await shopIn(folder, LOCAL);
  const { secrets } = await callsAt(first.url).register(server.url);
  const orderId = await sell(first);
  await eventually(
    async () => server.idsOf(orderId),
    ({ length }) => length === 1,
    SETTLED,
  );
  await eventually(
    () => first.dumps(),
    ({ events }) => events.length === 3,
    SETTLED,
  );
  await first.close();

  server.answers((response) => response.end("thanks"));
  const second = await shopIn(folder, LOCAL);
  try {
    await eventually(
      async () => unique(server.idsOf(orderId)),
      ({ length }) => length === 3,
      SETTLED,
    );
    expect(server.idsOf(orderId)).toEqual([`${orderId}/1`, ...life(orderId)]);
    expect(server.verified(orderId, secrets[0]?.secret ?? "")).toHaveLength(3);
    expect(await second.audit()).toEqual(CLEAN);
  } finally {
    await second.close();
  }
});

test("every invariant holds once the shop is at rest", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
