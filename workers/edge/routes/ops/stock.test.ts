import { env, exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import { StockDump, StockLedger } from "../../../../schema/stock.ts";
import { shopKeys } from "../../../../scripts/machine/local-keys.ts";
import { eventually } from "../../../../test/eventually.ts";

const SOON = { withinMs: 10_000, gapMs: 20 };
let skus = 0;

type Answer = { readonly http: number } & Record<string, unknown>;

async function call(method: string, path: string, body?: object): Promise<Answer> {
  const headers = {
    authorization: `Bearer ${shopKeys.operator}`,
    "content-type": "application/json",
  };
  const init = { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) };
  const response = await exports.default.fetch(new Request(`https://tender.test/v1${path}`, init));
  const json = (await response.json()) as Record<string, unknown>;
  return { ...json, http: response.status };
}

async function newSku(pieces: number) {
  const sku = `ops-stock-${++skus}`;
  const movementId = "delivery";
  const receipt = { region: "eu", sku, quantity: pieces, movementId };
  expect(await call("POST", "/ops/stock", receipt)).toMatchObject({ http: 200, received: pieces });
  return sku;
}

async function open(sku: string, more: object = {}): Promise<Answer> {
  await env.CATALOG.prepare("INSERT OR IGNORE INTO products (shop_id, sku, name) VALUES (?, ?, ?)")
    .bind("demo", sku, sku)
    .run();
  await env.CATALOG.prepare(
    "INSERT OR IGNORE INTO prices (shop_id, sku, currency, amount_minor) VALUES (?, ?, 'EUR', 1000)",
  )
    .bind("demo", sku)
    .run();
  const body = {
    lines: [{ sku, quantity: 1 }],
    ...{ currency: "EUR", country: "DE", customer: { email: "ada@example.com" }, ...more },
  };
  const headers = {
    authorization: `Bearer ${shopKeys.publishable}`,
    "content-type": "application/json",
    "idempotency-key": crypto.randomUUID(),
  };
  const init = { method: "POST", headers, body: JSON.stringify(body) };
  const response = await exports.default.fetch(
    new Request("https://tender.test/v1/checkouts", init),
  );
  const json = (await response.json()) as Record<string, unknown>;
  return { ...json, http: response.status };
}

test("stock is taken: what stands in the house is booked as the difference, once", async () => {
  const sku = await newSku(10);
  const take = { region: "eu", sku, counted: 8, movementId: "take-1" };
  expect(await call("POST", "/ops/stock/counts", take)).toMatchObject({ received: 8 });
  expect(await call("POST", "/ops/stock/counts", take)).toMatchObject({ received: 8 });
  expect(
    await call("POST", "/ops/stock/counts", { ...take, movementId: "delivery" }),
  ).toMatchObject({
    http: 422,
    code: "movement_refused",
  });
});

test("a correction below what is promised names the sales that it is promised to", async () => {
  const sku = await newSku(2);
  const { checkoutId } = await open(sku);
  const correction = { region: "eu", sku, quantity: -2, movementId: "broken" };
  expect(await call("POST", "/ops/stock/corrections", correction)).toMatchObject({
    ...{ http: 409, code: "stock_promised" },
    ...{ available: 1, held: 1, checkouts: [checkoutId] },
  });
  const take = { region: "eu", sku, counted: 0, movementId: "take" };
  expect(await call("POST", "/ops/stock/counts", take)).toMatchObject({ code: "stock_promised" });
});

test("pieces move to another region; more than are free do not", async () => {
  const sku = await newSku(10);
  const [from, to] = [
    { region: "eu", cell: 0 },
    { region: "us", cell: 0 },
  ];
  const move = { sku, from, to, quantity: 4, movementId: "truck" };
  expect(await call("POST", "/ops/stock/moves", move)).toMatchObject({ http: 202, quantity: 4 });
  await eventually(
    () => call("GET", `/ops/stock/us/${sku}`),
    ({ available }) => available === 4,
    SOON,
  );
  expect(await call("POST", "/ops/stock/moves", { ...move, quantity: 5 })).toMatchObject({
    http: 422,
    code: "movement_refused",
  });
  const more = { ...move, quantity: 7, movementId: "truck-2" };
  expect(await call("POST", "/ops/stock/moves", more)).toMatchObject({
    http: 409,
    code: "not_enough_stock",
  });
  expect(await call("POST", "/ops/stock/moves", { ...move, to: from })).toMatchObject({
    code: "invalid_request",
  });
});

test("a region is split into cells, and read as a whole and cell by cell", async () => {
  const sku = await newSku(9);
  const split = { region: "eu", sku, cells: 3 };
  expect(await call("POST", "/ops/stock/cells", split)).toMatchObject({ http: 202, cells: 3 });
  expect(await call("POST", "/ops/stock/cells", { ...split, cells: 2 })).toMatchObject({
    cells: 3,
  });
  const byCell = async () =>
    (await call("GET", `/ops/stock/eu/${sku}/cells`)) as object as {
      cells: { available: number }[];
    };
  const { cells } = await eventually(
    byCell,
    (read) => read.cells.every((c) => c.available === 3),
    SOON,
  );
  expect(cells).toHaveLength(3);
  expect(await call("GET", `/ops/stock/eu/${sku}`)).toMatchObject({ received: 9, available: 9 });
});

test("pieces are not booked into a cell that is not there, where nobody would sell them", async () => {
  const sku = await newSku(9);
  const from = { region: "eu", cell: 0 };
  const far = { region: "eu", cell: 5 };
  const nowhere = { http: 404, code: "not_found" };
  const move = { sku, from, to: far, quantity: 4, movementId: "away" };
  expect(await call("POST", "/ops/stock/moves", move)).toMatchObject(nowhere);
  const back = { ...move, from: far, to: from };
  expect(await call("POST", "/ops/stock/moves", back)).toMatchObject(nowhere);
  const more = { ...far, sku, movementId: "found" };
  for (const [path, body] of [
    ["corrections", { ...more, quantity: 3 }],
    ["counts", { ...more, counted: 3 }],
  ] as const) {
    expect(await call("POST", `/ops/stock/${path}`, body)).toMatchObject(nowhere);
  }
  expect(await call("GET", `/ops/stock/eu/${sku}`)).toMatchObject({ received: 9, available: 9 });
});

test("the history tells every movement with its token and its sale", async () => {
  const sku = await newSku(5);
  const { checkoutId } = await open(sku);
  const { movements } = (await call("GET", `/ops/stock/eu/${sku}/movements`)) as object as {
    movements: { token: string; kind: string; checkoutId?: string; held: number }[];
  };
  expect(movements).toMatchObject([
    { kind: "hold", token: `${checkoutId}/hold`, checkoutId, held: 1 },
    { kind: "receipt", token: "delivery", received: 5 },
  ]);
  const since = (at: string) => call("GET", `/ops/stock/eu/${sku}/movements?since=${at}`);
  expect((await since("2000-01-01T00:00:00Z")).movements).toHaveLength(movements.length);
  expect((await since("2100-01-01T00:00:00Z")).movements).toEqual([]);
  const limited = await call("GET", `/ops/stock/eu/${sku}/movements?limit=1`);
  expect(limited.movements).toHaveLength(1);
});

test("the ledger is read, pooled and reconciled", async () => {
  const sku = await newSku(5);
  const read = await call("GET", `/ops/stock-ledger/${sku}`);
  expect(read).toMatchObject({ home: "eu", leases: [{ region: "eu", cell: 0, leased: 5 }] });
  expect(await call("POST", "/ops/stock/pools", { sku, pooled: true })).toMatchObject({
    pooled: true,
  });
  const { http, ...ledger } = await call("POST", `/ops/stock-ledger/${sku}/reconcile`);
  expect(http).toBe(200);
  expect(StockLedger.parse(ledger).drifts).toEqual([]);
});

test("one shopper holds no more than the limit; another is served", async () => {
  const sku = await newSku(10);
  const limits = { region: "eu", sku, shopperMax: 2, unpaidMaxPercent: null };
  expect(await call("POST", "/ops/stock/limits", limits)).toMatchObject({ http: 200, ...limits });
  expect((await open(sku)).http).toBe(201);
  expect((await open(sku)).http).toBe(201);
  expect(await open(sku)).toMatchObject({ http: 409, code: "shopper_limit", held: 2, max: 2 });
  expect((await open(sku, { customer: { email: "grace@example.com" } })).http).toBe(201);
});

test("a burst of unpaid holds leaves pieces for those who pay at once", async () => {
  const sku = await newSku(10);
  const limits = { region: "eu", sku, shopperMax: null, unpaidMaxPercent: 50 };
  await call("POST", "/ops/stock/limits", limits);
  const hoarder = (n: number) => open(sku, { customer: { email: `bot-${n}@example.com` } });
  const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => hoarder(n)));
  expect(answers.filter(({ http }) => http === 201)).toHaveLength(5);
  expect(answers.find(({ http }) => http === 409)).toMatchObject({
    ...{ code: "too_many_unpaid", then: "pay_at_once", max: 5 },
  });
  const payment = { method: "card", tokens: { stripe: "pm_visa" } };
  const expectedTotal = { amountMinor: 1490, currency: "EUR" };
  expect(await open(sku, { payment, expectedTotal })).toMatchObject({ http: 201 });
  expect(await call("GET", `/ops/stock/eu/${sku}`)).toMatchObject({ held: 5, allocated: 1 });
});

test("the dump has the sums of the movements, and its cells", async () => {
  const sku = await newSku(6);
  await open(sku);
  const headers = { authorization: `Bearer ${shopKeys.operator}` };
  const request = new Request("https://tender.test/v1/ops/dump/stock?region=eu", { headers });
  const lines = (await (await exports.default.fetch(request)).text()).trim().split("\n");
  const rows = lines.map((line) => StockDump.parse(JSON.parse(line)));
  const row = rows.find((each) => each.sku === sku);
  expect(row).toMatchObject({ received: 6, held: 1, movements: { receipts: 6, held: 1 } });
  expect(row?.cells).toMatchObject([{ cell: 0, held: 1 }]);
});
