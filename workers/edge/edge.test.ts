import { env, exports } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { checkoutIdFrom } from "../../schema/ids.ts";
import { shopKeys } from "../../scripts/machine/local-keys.ts";
import { Problem } from "./gate/problem.ts";

type Sent = {
  readonly method?: string;
  readonly key?: string | null;
  readonly apiKey?: string | null;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
};

let calls = 0;

/** One call over HTTP; a POST with a publishable key and a new Idempotency-Key unless told otherwise. */
async function send(path: string, { method = "POST", key, apiKey, body, headers }: Sent = {}) {
  const all = new Headers({ "content-type": "application/json", ...headers });
  if (key !== null) all.set("idempotency-key", key ?? `edge-${++calls}`);
  if (apiKey !== null) all.set("authorization", `Bearer ${apiKey ?? shopKeys.publishable}`);
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const init = { method, headers: all, ...(body === undefined ? {} : { body: text }) };
  const response = await exports.default.fetch(new Request(`https://tender.test${path}`, init));
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** The same, refused: every problem has all that a caller needs, and never a stack. */
async function refused(path: string, sent: Sent = {}) {
  const { status, headers, text } = await send(path, sent);
  expect(headers.get("content-type"), text).toBe("application/problem+json");
  const document = Problem.loose().parse(JSON.parse(text));
  expect(document.status).toBe(status);
  expect(document.title).toMatch(/\.$/);
  expect(document.type).toBe(`/docs/problems#${document.code}`);
  expect(document.requestId).toBe(headers.get("request-id"));
  expect(text).not.toMatch(/\bat .+:\d+:\d+|node_modules|Error:/);
  return document;
}

const cart = (more: object = {}) => ({
  lines: [{ sku: "mug", quantity: 1 }],
  currency: "EUR",
  country: "DE",
  customer: { email: "ada@example.com" },
  ...more,
});
const address = { name: "Ada", line1: "Weg 1", city: "Berlin", postalCode: "10115", country: "DE" };
const NOBODYS = checkoutIdFrom("eu", new Uint8Array(17));

test("a health check needs no key and carries a Request-Id", async () => {
  const { status, headers } = await send("/healthz", { method: "GET", apiKey: null });
  expect(status).toBe(200);
  expect(headers.get("request-id")).toBeTruthy();
});

test("the edge's own ray is the Request-Id where there is one", async () => {
  const { headers } = await send("/healthz", { method: "GET", headers: { "CF-Ray": "8f0-FRA" } });
  expect(headers.get("request-id")).toBe("8f0-FRA");
});

test.each([
  ["no key", null],
  ["a key that nobody has", "pk_test_nobodys_key"],
  ["a key of no form", "secret"],
  ["a key with something behind it", `${shopKeys.publishable} x`],
])("%s is unauthorized", async (_name, apiKey) => {
  const unauthorized = { status: 401, code: "unauthorized", then: "authenticate" };
  expect(await refused("/v1/checkouts", { apiKey, body: cart() })).toMatchObject(unauthorized);
  const path = `/v1/checkouts/${NOBODYS}`;
  expect(await refused(path, { method: "GET", apiKey })).toMatchObject(unauthorized);
});

test("a key under another scheme is unauthorized", async () => {
  const headers = { authorization: `Basic ${shopKeys.publishable}` };
  expect(await refused("/v1/checkouts", { apiKey: null, headers, body: cart() })).toMatchObject({
    code: "unauthorized",
  });
});

test("each kind of key opens its own doors", async () => {
  const forbidden = { status: 403, code: "forbidden" };
  const stock = { region: "eu", sku: "mug", quantity: 1, movementId: "edge" };
  for (const apiKey of [shopKeys.publishable, shopKeys.secret]) {
    expect(await refused("/v1/ops/stock", { apiKey, body: stock })).toMatchObject(forbidden);
    const dump = { method: "GET", apiKey };
    expect(await refused("/v1/ops/dump/orders", dump)).toMatchObject(forbidden);
  }
  const apiKey = shopKeys.operator;
  expect(await refused("/v1/checkouts", { apiKey, body: cart() })).toMatchObject(forbidden);
});

test("a key that was withdrawn opens nothing once the edge has looked again", async () => {
  const apiKey = "pk_test_withdrawn";
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(apiKey));
  const hash = Buffer.from(digest).toString("hex");
  const insert = "INSERT INTO api_keys (key_hash, shop_id, kind) VALUES (?, 'demo', 'publishable')";
  await env.CATALOG.prepare(insert).bind(hash).run();
  const read = { method: "GET", apiKey };
  expect(await refused(`/v1/checkouts/${NOBODYS}`, read)).toMatchObject({ code: "not_found" });
  await env.CATALOG.prepare("DELETE FROM api_keys WHERE key_hash = ?").bind(hash).run();
  vi.setSystemTime(Date.now() + 301_000);
  const answer = await refused(`/v1/checkouts/${NOBODYS}`, read);
  vi.useRealTimers();
  expect(answer).toMatchObject({ code: "unauthorized" });
});

test.each(["{", "", "{'a':1}", '{"a":1,}', "undefined", "\u0000"])(
  "a body that is no JSON is refused: %j",
  async (body) => {
    const { status, code } = await refused("/v1/checkouts", { body });
    expect(status).toBe(400);
    expect(code).toMatch(/^(malformed_json|invalid_request)$/);
  },
);

test.each(["", "text/plain", "application/x-www-form-urlencoded", "application/jsonx"])(
  "a body that does not say that it is JSON is told to: %j",
  async (type) => {
    const sent = { body: cart({}), headers: { "content-type": type } };
    expect(await refused("/v1/checkouts", sent)).toMatchObject({
      status: 415,
      code: "json_expected",
    });
  },
);

test("a body that is too large is refused before it is read as anything", async () => {
  const body = JSON.stringify(cart({ note: "x".repeat(193 * 1024) }));
  expect(await refused("/v1/checkouts", { body })).toMatchObject({
    status: 413,
    code: "payload_too_large",
  });
});

test("only a payment may be longer than 64 KiB, for Adyen's component sends up to 125,000 characters", async () => {
  const body = JSON.stringify(cart({ note: "x".repeat(150 * 1024) }));
  expect(await refused("/v1/checkouts", { body })).toMatchObject({ code: "invalid_request" });
  expect(await refused("/v1/carts", { body })).toMatchObject({ code: "payload_too_large" });
});

test("a body nested without end is refused, not a fault", async () => {
  const deep = `${"[".repeat(30_000)}${"]".repeat(30_000)}`;
  expect(await refused("/v1/checkouts", { body: deep })).toMatchObject({ status: 400 });
  const objects = `${'{"a":'.repeat(9_000)}1${"}".repeat(9_000)}`;
  expect(await refused("/v1/checkouts", { body: objects })).toMatchObject({ status: 400 });
});

test.each([
  ["in a name", cart({ customer: { email: "a@example.com", name: "4242 4242 4242 4242" } })],
  ["as a number", cart({ card: 4242424242424242 })],
  ["as a field's name", cart({ "4242424242424242": true })],
  [
    "deep in a payment",
    cart({ payment: { method: "card", details: [{ n: "4242-4242-4242-4242 12/28" }] } }),
  ],
  ["in an address", cart({ shippingAddress: { ...address, line2: "5555.5555.5555.4444" } })],
  ["in a billing address", cart({ billingAddress: { ...address, name: "4242424242424242" } })],
  ["in a company's name", cart({ company: "4242 4242 4242 4242 Ltd" })],
  ["in an order's note", cart({ note: "it is 4242-4242-4242-4242" })],
  ["in a line's note", cart({ lines: [{ sku: "mug", quantity: 1, note: "4242424242424242" }] })],
])("a card number %s is refused before anything else", async (_name, body) => {
  const answer = { status: 400, code: "card_data_refused", then: "use_provider_token" };
  expect(await refused("/v1/checkouts", { body })).toMatchObject(answer);
  expect(await refused("/v1/checkouts", { body, key: null })).toMatchObject(answer);
});

test("a card number is refused as a SKU, in a path and as an Idempotency-Key too", async () => {
  const number = "4242424242424242";
  const answer = { status: 400, code: "card_data_refused" };
  const lines = [{ sku: number, quantity: 1 }];
  expect(await refused("/v1/checkouts", { body: cart({ lines }) })).toMatchObject(answer);
  expect(await refused("/v1/checkouts", { body: cart(), key: number })).toMatchObject(answer);
  const path = `/v1/carts/${NOBODYS.replace("chk", "crt")}/lines/`;
  for (const written of [number, "4242%204242%204242%204242", "%34%32424242424242%2F42"]) {
    const put = { method: "PUT", body: { quantity: 1 } };
    expect(await refused(`${path}${written}`, put), written).toMatchObject(answer);
  }
});

/** Twelve to fourteen digits may be a barcode and a card's number at once: here Diners Club's. */
const BARCODE = "36000000000081";

test("a barcode that could be a card's number is sold where the catalogue has it, and unknown elsewhere", async () => {
  const body = cart({ lines: [{ sku: BARCODE, quantity: 1 }] });
  expect(await refused("/v1/checkouts", { body })).toMatchObject({
    ...{ status: 400, code: "unknown_sku", skus: [BARCODE] },
  });
  const product = { name: "A box", prices: [{ currency: "EUR", amountMinor: 500 }] };
  const put = await send(`/v1/ops/catalogue/products/${BARCODE}`, {
    ...{ method: "PUT", apiKey: shopKeys.operator, body: product },
  });
  expect(put.status, put.text).toBeLessThan(300);
  expect(await refused("/v1/checkouts", { body })).toMatchObject({ code: "out_of_stock" });
});

test("an address with a phone and a long postal code is no card", async () => {
  const shippingAddress = { ...address, phone: "+49 (0)30 / 901820-12", line2: "c/o 12345678901" };
  const body = cart({ shippingAddress, expectedTotal: { amountMinor: 1789, currency: "EUR" } });
  const { status } = await send("/v1/checkouts", { body: { ...body, lines: [] } });
  expect(status).toBe(400);
  expect(await refused("/v1/checkouts", { body: { ...body, lines: [] } })).toMatchObject({
    code: "invalid_request",
  });
});

test.each([
  ["/v1/checkouts", cart()],
  [`/v1/checkouts/${NOBODYS}/cancel`, undefined],
])("a call that changes a sale needs an Idempotency-Key: %s", async (path, body) => {
  expect(await refused(path, { body, key: null })).toMatchObject({
    status: 400,
    code: "idempotency_key_missing",
    then: "add_idempotency_key",
  });
});

test("an Idempotency-Key is 1 to 255 visible characters", async () => {
  for (const key of ["with blank", "x".repeat(256), "é"]) {
    expect(await refused("/v1/checkouts", { body: cart(), key })).toMatchObject({ status: 400 });
  }
});

test.each([
  ["a field nobody knows", cart({ coupon: "SAVE" })],
  ["a line's field nobody knows", cart({ lines: [{ sku: "mug", quantity: 1, price: 1 }] })],
  ["no lines", cart({ lines: [] })],
  [
    "too many lines",
    cart({ lines: Array.from({ length: 101 }, () => ({ sku: "mug", quantity: 1 })) }),
  ],
  ["a quantity of zero", cart({ lines: [{ sku: "mug", quantity: 0 }] })],
  ["a negative quantity", cart({ lines: [{ sku: "mug", quantity: -1 }] })],
  ["half a piece", cart({ lines: [{ sku: "mug", quantity: 0.5 }] })],
  ["a quantity as text", cart({ lines: [{ sku: "mug", quantity: "1" }] })],
  ["a huge quantity", cart({ lines: [{ sku: "mug", quantity: 10_001 }] })],
  ["a quantity beyond the integers", cart({ lines: [{ sku: "mug", quantity: 1e300 }] })],
  ["a SKU that is a path", cart({ lines: [{ sku: "..", quantity: 1 }] })],
  ["no customer", cart({ customer: undefined })],
  ["an e-mail that is none", cart({ customer: { email: "ada" } })],
  ["a currency in small letters", cart({ currency: "eur" })],
  ["a negative total", cart({ expectedTotal: { amountMinor: -1, currency: "EUR" } })],
  ["an address without a city", cart({ shippingAddress: { ...address, city: "" } })],
  ["a note without end", cart({ note: "x".repeat(1001) })],
  [
    "a line's note without end",
    cart({ lines: [{ sku: "mug", quantity: 1, note: "é".repeat(501) }] }),
  ],
  ["a billing address without a street", cart({ billingAddress: { ...address, line1: "" } })],
  ...[
    ...[
      "https://shop.example@elsewhere.example/",
      "https://a:b@shop.example",
      "https://@shop.example",
    ],
    ...["https:shop.example", "https:\\\\shop.example\\@elsewhere.example", "javascript:alert(1)"],
  ].map((returnUrl): [string, unknown] => [
    `a return to ${returnUrl}`,
    cart({ payment: { method: "pix", returnUrl } }),
  ]),
  ["a method nobody takes", cart({ payment: { method: "cash", tokens: {} } })],
  ["a list", [cart()]],
  ["nothing", null],
  ["text", '"cart"'],
])("a cart with %s is refused with every wrong field named", async (_name, body) => {
  const { status, code, issues } = await refused("/v1/checkouts", { body: body ?? "null" });
  expect({ status, code }).toEqual({ status: 400, code: "invalid_request" });
  expect(issues).toEqual(expect.arrayContaining([expect.any(String)]));
});

test("a country that no region serves, and one that is not the address's, are refused", async () => {
  expect(await refused("/v1/checkouts", { body: cart({ country: "AQ" }) })).toMatchObject({
    status: 400,
    code: "country_not_served",
  });
  const shippingAddress = { ...address, country: "FR" };
  expect(await refused("/v1/checkouts", { body: cart({ shippingAddress }) })).toMatchObject({
    status: 400,
    code: "country_mismatch",
    country: "DE",
    shippingCountry: "FR",
  });
});

test("a payment without the total that the shopper saw is refused", async () => {
  const payment = { method: "card", tokens: { stripe: "pm_card_visa" } };
  expect(await refused("/v1/checkouts", { body: cart({ payment }) })).toMatchObject({
    status: 400,
    code: "expected_total_missing",
  });
});

test("a guessed id answers 404 with any key, and a form that is no id 400 or 404", async () => {
  for (const apiKey of [shopKeys.publishable, shopKeys.secret]) {
    const read = { method: "GET", apiKey, headers: { "checkout-secret": "cs_guess" } };
    expect(await refused(`/v1/checkouts/${NOBODYS}`, read)).toMatchObject({ status: 404 });
    const order = `/v1/orders/${NOBODYS.replace("chk", "ord")}`;
    expect(await refused(order, read)).toMatchObject({ status: 404, code: "not_found" });
    for (const id of [NOBODYS.replace("_eu_", "_xx_"), NOBODYS.slice(0, -1), "x", "%2e%2e"]) {
      const { status } = await refused(`/v1/checkouts/${id}`, read);
      expect([400, 404], id).toContain(status);
    }
  }
});

test("an id under another region is another object, and empty", async () => {
  const elsewhere = NOBODYS.replace("_eu_", "_us_");
  expect(await refused(`/v1/checkouts/${elsewhere}`, { method: "GET" })).toMatchObject({
    status: 404,
  });
});

test.each([
  ["GET", "/v1/nothing"],
  ["GET", "/"],
  ["POST", `/v1/checkouts/${NOBODYS}/refund`],
])("%s %s is nothing here, or for nobody with this key", async (method, path) => {
  const { status } = await send(path, { method });
  expect([401, 403, 404]).toContain(status);
});

test("a browser of another origin may ask, and read what it needs", async () => {
  const headers = {
    origin: "https://shop.example",
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,content-type,idempotency-key,checkout-secret",
  };
  const preflight = await send("/v1/checkouts", { method: "OPTIONS", apiKey: null, headers });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
  expect(preflight.headers.get("access-control-allow-methods")).toContain("POST");
  const allowed = preflight.headers.get("access-control-allow-headers") ?? "";
  for (const name of headers["access-control-request-headers"].split(",")) {
    expect(allowed.toLowerCase()).toContain(name);
  }
  const answer = await send("/v1/checkouts", { apiKey: null, body: cart(), headers });
  expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  expect(answer.headers.get("access-control-expose-headers")).toContain("Idempotent-Replayed");
  expect(answer.headers.get("access-control-expose-headers")).toContain("Request-Id");
});

test.each([
  ["none", undefined],
  ["a wrong one", { "stripe-signature": "t=1700000000,v1=00" }],
  ["an empty v1", { "stripe-signature": `t=${Math.floor(Date.now() / 1000)},v1=` }],
])("a webhook with a bad signature is refused: %s", async (_name, headers) => {
  const sent = { body: '{"id":"evt_1"}', apiKey: null, key: null, ...(headers ? { headers } : {}) };
  expect(await refused("/v1/webhooks/stripe", sent)).toMatchObject({
    status: 400,
    code: "bad_signature",
  });
});

test("a signed webhook of no sale is taken, whatever it holds", async () => {
  const body = '{"id":"evt_test"}';
  const atS = Math.floor(Date.now() / 1000);
  const secret = new TextEncoder().encode(env.STRIPE_WEBHOOK_SECRET);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", secret, algorithm, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(`${atS}.${body}`));
  const headers = { "stripe-signature": `t=${atS},v1=${Buffer.from(mac).toString("hex")}` };
  const answer = await send("/v1/webhooks/stripe", { body, headers, apiKey: null, key: null });
  expect(answer).toMatchObject({ status: 200, text: '{"received":true}' });
});

test("stock is booked once a movement, and read back", async () => {
  const apiKey = shopKeys.operator;
  const book = (quantity: number) => {
    const body = { region: "us", sku: "edge-sku", quantity, movementId: "edge-1" };
    return send("/v1/ops/stock", { apiKey, key: null, body });
  };
  expect(JSON.parse((await book(3)).text)).toMatchObject({ received: 3, available: 3 });
  expect(JSON.parse((await book(3)).text)).toMatchObject({ received: 3 });
  expect((await book(4)).status).toBe(422);
  const read = await send("/v1/ops/stock/us/edge-sku", { method: "GET", apiKey });
  expect(JSON.parse(read.text)).toMatchObject({ received: 3, available: 3, held: 0 });
  const elsewhere = await send("/v1/ops/stock/eu/edge-sku", { method: "GET", apiKey });
  expect(JSON.parse(elsewhere.text)).toMatchObject({ received: 0 });
  const nowhere = { method: "GET", apiKey };
  expect(await refused("/v1/ops/stock/xx/mug", nowhere)).toMatchObject({ status: 400 });
});

// The last one: it breaks the catalogue.
test("what breaks inside is a 500 that says so and shows nothing of it", async () => {
  const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
  await env.CATALOG.prepare("ALTER TABLE api_keys RENAME TO away").run();
  const answer = await refused(`/v1/checkouts/${NOBODYS}`, {
    method: "GET",
    apiKey: "pk_test_never_seen",
  });
  logged.mockRestore();
  expect(answer).toMatchObject({ status: 500, code: "internal", then: "retry_same_key" });
});
