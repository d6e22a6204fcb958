import { env as bindings, exports } from "cloudflare:workers";
import * as fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { shopKeys } from "../../scripts/machine/local-keys.ts";
import { endingOperations } from "./testing/operations.ts";
import { fillOwnShop, type OwnShop } from "./testing/own-shop.ts";
import { type Made, requestsOf } from "./testing/requests.ts";

/** What vitest.config.ts adds: `npm run fuzz` tries more of them, and others each time. */
const { FUZZ_CASES, FUZZ_SEED } = bindings as Env & { FUZZ_CASES: string; FUZZ_SEED: string };
const CASES = Number(FUZZ_CASES);
const TIMEOUT_MS = 120_000 + CASES * 20;

let own: OwnShop;
beforeAll(async () => {
  own = await fillOwnShop();
}, 60_000);

test(
  "whatever is sent, the answer is one of ours: no 5xx, no stack",
  async () => {
    const requests = fc.constantFrom(...endingOperations).chain((call) =>
      fc.record({
        method: fc.constant(call.method),
        made: requestsOf(call, own),
        key: fc.constantFrom(...Object.values(shopKeys)),
        body: bodies,
        header: fc.option(headers, { freq: 4 }),
      }),
    );
    await fc.assert(fc.asyncProperty(requests, isAnswered), {
      ...{ numRuns: CASES, seed: Number(FUZZ_SEED), endOnFailure: true, maxSkipsPerRun: 0 },
    });
  },
  TIMEOUT_MS,
);

type Body = Uint8Array<ArrayBuffer> | "as made";
type Fuzzed = {
  readonly method: string;
  readonly made: Made;
  readonly key: string;
  readonly body: Body;
  readonly header: readonly [string, string] | null;
};

async function isAnswered({ method, made, key, body, header }: Fuzzed): Promise<void> {
  const all = new Headers({ authorization: `Bearer ${key}`, ...made.headers });
  if (header) all.set(...header);
  const sent = body === "as made" ? JSON.stringify(made.body) : body;
  const carries = method !== "GET" && sent !== undefined;
  if (carries && !all.has("content-type")) all.set("content-type", "application/json");
  const request = new Request(`https://tender.test${made.path}`, {
    ...{ method, headers: all, redirect: "manual", ...(carries ? { body: sent } : {}) },
  });
  const response = await exports.default.fetch(request);
  const text = await response.text();
  const what = `${method} ${made.path}: ${response.status} ${text.slice(0, 500)}`;
  expect(response.status, what).toBeLessThan(500);
  expect(text.replaceAll("\\n", "\n"), what).not.toMatch(/\n\s+at .+:\d+:\d+|node_modules/);
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(text));
}

const nested = fc
  .tuple(
    fc.constantFrom("[", '{"a":', '{"lines":[', '[{"__proto__":'),
    fc.integer({ min: 1, max: 9_000 }),
  )
  .map(([open, times]) => bytesOf(open.repeat(times)));
const closed = fc
  .integer({ min: 1, max: 9_000 })
  .map((times) => bytesOf(`${"[".repeat(times)}${"]".repeat(times)}`));
const wide = fc
  .integer({ min: 1, max: 12_000 })
  .map((members) => bytesOf(`[${"0,".repeat(members)}0]`));
const prototypes = fc
  .tuple(
    fc.constantFrom("__proto__", "constructor", "prototype", "toString", "hasOwnProperty"),
    fc.json(),
  )
  .map(([name, value]) => bytesOf(`{"${name}":${value},"lines":[{"${name}":{"${name}":1}}]}`));
const escapes = fc
  .constantFrom("\\ud800", "\\u0000", "\\udfff\\ud800", "\\uffff", "\\u202e")
  .map((text) => bytesOf(`{"currency":"${text}","reason":"${text}","${text}":1}`));
const raw = fc.uint8Array({ maxLength: 400 }).map((bytes) => new Uint8Array(bytes));
const cut = fc.tuple(fc.json(), fc.nat(400)).map(([json, at]) => bytesOf(json).slice(0, at));

const bodies: fc.Arbitrary<Body> = fc.oneof(
  { arbitrary: fc.constant<Body>("as made"), weight: 6 },
  ...[raw, cut, nested, closed, wide, prototypes, escapes],
  fc.json({ maxDepth: 8 }).map(bytesOf),
);

const visible = fc.string({
  maxLength: 60,
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
});
const long = fc.integer({ min: 200, max: 20_000 }).map((length) => "x".repeat(length));
const headers: fc.Arbitrary<readonly [string, string]> = fc.tuple(
  fc.constantFrom(
    ...["authorization", "idempotency-key", "checkout-secret", "if-match", "order-bookmark"],
    ...["content-type", "stripe-signature", "origin", "cf-ray", "content-encoding", "accept"],
    ...["access-control-request-headers", "x-forwarded-host", "range", "if-none-match"],
  ),
  fc.oneof(visible, visible, long),
);
