import { beforeAll, expect, test } from "vitest";
import { Problem } from "./gate/problem.ts";
import { calls } from "./reference/calls/noted-calls.ts";
import { type Row, rows } from "./testing/authorization-rows.ts";
import { type Caller, callers, openRival } from "./testing/callers.ts";
import { type Operation, operations } from "./testing/operations.ts";
import { fillOwnShop, type OwnShop, send } from "./testing/own-shop.ts";

let own: OwnShop;

beforeAll(async () => {
  await openRival();
  own = await fillOwnShop();
}, 60_000);

test("every route has its row, and every row its route", () => {
  expect(Object.keys(rows).toSorted()).toEqual(operations.map(({ name }) => name).toSorted());
});

test("who may not make a call is told so in one shape, what is another shop's is not there, and neither changes anything", async () => {
  const before = await everythingOwn();
  for (const operation of operations) {
    for (const caller of callers) {
      const expected = refusalOf(rowOf(operation), caller);
      if (expected === "let_in" && !caller.isForeign) continue;
      await answersAs(operation, caller, expected);
    }
  }
  expect(await everythingOwn()).toEqual(before);
}, 120_000);

test("another shop's thing and one that nobody has are answered alike", async () => {
  const foreign = callers.filter(({ isForeign }) => isForeign);
  for (const operation of operations) {
    for (const caller of foreign) {
      if (refusalOf(rowOf(operation), caller) !== "not_found") continue;
      const [theirs, nobodys] = [own, nobodysOf(own)].map((things) =>
        sentOf(operation, caller, things),
      );
      const [one, other] = [await told(theirs), await told(nobodys)];
      expect(one, `${operation.name} by ${caller.name}`).toEqual(other);
    }
  }
}, 120_000);

test("who may make a call is let in", async () => {
  // What ends a thing comes last.
  const ends = ({ method, path }: Operation) => method === "DELETE" || path.endsWith("/cancel");
  for (const operation of operations.toSorted((a, b) => Number(ends(a)) - Number(ends(b)))) {
    const row = rowOf(operation);
    for (const caller of callers) {
      if (caller.isForeign || refusalOf(row, caller) !== "let_in") continue;
      await answersAs(operation, caller, "let_in");
    }
  }
}, 120_000);

/** What a caller of this kind is to hear; "let_in" where nothing is said about who calls. */
function refusalOf({ opens, of, secret, token }: Row, { kind, isForeign, ...caller }: Caller) {
  if (opens === "anyone") return "let_in";
  if (!kind) return "unauthorized";
  if (!opens.includes(kind)) return "forbidden";
  if (token && kind === "publishable") return "customer_unknown"; // none of the callers has logged in
  if (of === "thing" && isForeign) return "not_found";
  if (secret && kind === "publishable" && caller.secret !== "own") return "not_found";
  return "let_in";
}

async function answersAs(operation: Operation, caller: Caller, expected: string) {
  const { status, headers, text } = await send(sentOf(operation, caller, own));
  const what = `${operation.name} by ${caller.name}: ${status} ${text}`;
  expect(status, what).toBeLessThan(500);
  if (expected === "let_in") {
    expect([401, 403], what).not.toContain(status);
    if (!caller.isForeign && rowOf(operation).opens !== "anyone") {
      expect(status, what).not.toBe(404);
    }
    if (caller.isForeign) for (const id of idsOf(own)) expect(text, what).not.toContain(id);
    return;
  }
  expect(headers.get("content-type"), what).toBe("application/problem+json");
  expect(Problem.parse(JSON.parse(text)).code, what).toBe(expected);
}

/** What every read of the shop answers to those who may read. */
async function everythingOwn() {
  const reads = operations.filter(({ name, method, path }) => {
    const { of, opens } = rowOf({ name });
    return method === "GET" && of !== "deployment" && opens !== "anyone" && !/stream$/.test(path);
  });
  const found: [string, unknown][] = [];
  for (const read of reads) {
    const { opens } = rowOf(read);
    const caller = callers.find(({ kind, isForeign }) => {
      return kind && !isForeign && kind !== "publishable" && opens.includes(kind);
    });
    if (caller) found.push([read.name, await told(sentOf(read, caller, own))]);
  }
  return Object.fromEntries(found);
}

/** An answer without what is of this call alone. */
async function told(sent: Parameters<typeof send>[0] | undefined) {
  if (!sent) throw new Error("nothing to send");
  const { status, text } = await send(sent);
  return { status, text: text.replace(/"requestId":"[^"]+"/, "") };
}

function sentOf({ name, method, path }: Operation, caller: Caller, things: OwnShop) {
  const { query } = rowOf({ name });
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, param: string) => segmentOf(param, things));
  const ofOrder = path.startsWith("/v1/orders");
  const secrets = {
    own: ofOrder ? own.secrets.order : own.secrets.checkout,
    wrong: own.secrets.wrong,
  };
  return {
    ...{ method, path: `${filled}${query ? `?${query}` : ""}`, key: caller.key },
    ...{ secret: caller.secret && secrets[caller.secret], body: bodyOf(name, things) },
  };
}

const fixed: Readonly<Record<string, string>> = {
  ...{ sku: "mug", promotionId: "matrix", zone: "eu", currency: "EUR", country: "DE" },
  ...{ region: "eu", feed: "mail", what: "orders", attempt: "1", withdrawal: "1" },
};

function segmentOf(param: string, things: OwnShop): string {
  const segment = { ...fixed, ...things, secrets: undefined }[param];
  if (segment === undefined) throw new Error(`no value for {${param}}`);
  return segment;
}

/** The reference's example, except where a body names a thing of the shop. */
function bodyOf(name: string, { cartId, letterId }: OwnShop): unknown {
  if (name === "POST /v1/ops/dead-letters/redrive") return { letterIds: [letterId] };
  if (name !== "POST /v1/checkouts") return calls[name]?.body;
  return { cartId, currency: "EUR", country: "DE", customer: { email: "ada@example.com" } };
}

function idsOf({ cartId, checkoutId, orderId, endpointId }: OwnShop): readonly string[] {
  return [cartId, checkoutId, orderId, endpointId, ...Object.values(own.secrets)];
}

/** Ids of the same form that were never given out. */
function nobodysOf(things: OwnShop): OwnShop {
  const away = (id: string) => `${id.slice(0, -4)}0000`;
  const { cartId, checkoutId, orderId, endpointId, letterId, secrets } = things;
  return {
    ...{ cartId: away(cartId), checkoutId: away(checkoutId), orderId: away(orderId), secrets },
    ...{ endpointId: away(endpointId), letterId: away(letterId) },
  };
}

function rowOf({ name }: Pick<Operation, "name">): Row {
  const row = rows[name];
  if (!row) throw new Error(`${name} has no row`);
  return row;
}
