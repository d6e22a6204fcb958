import { createServer } from "node:http";
import { afterAll, afterEach, beforeEach, expect } from "vitest";
import { type Exchange, wireProblems } from "../../../test/specs/stripe-schema.ts";

/** The wire proper is told in test/stories; here are answers that no simulator gives. */
export type Canned = {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
};

type Sent = { readonly call: string; readonly form: string; readonly key: string | undefined };

/**
 * A server that gives the answers of a script, in order, and a server error when it has run out.
 * Whatever it was sent has to fit the official types.
 */
export async function openWire() {
  let answers: Canned[] = [];
  let sent: Sent[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const call = `${request.method} ${request.url}`;
    const key = request.headers["idempotency-key"];
    const form = decodeURIComponent(Buffer.concat(parts).toString());
    sent.push({ call, form, key: typeof key === "string" ? key : undefined });
    const { status, body, headers } = answers.shift() ?? { status: 500, body: "" };
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  beforeEach(() => {
    answers = [];
    sent = [];
  });
  afterEach(() => expect(wireProblems(sent.map(toExchange), [])).toEqual([]));
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    config: { apiBase: `http://127.0.0.1:${port}`, secretKey: "sk_test_local" },
    /** What comes next: an object is an answer of 200. */
    answer(...next: readonly (Canned | object)[]) {
      answers = next.map((each) => ("body" in each ? (each as Canned) : ok(each)));
    },
    asked: () => sent.map(({ call }) => call),
    sent: () => sent,
    keys: () => sent.flatMap(({ key }) => (key === undefined ? [] : [key])),
  };
}

function toExchange({ call, form }: Sent): Exchange {
  const [method = "", url = ""] = call.split(" ");
  const [path = "", query = ""] = url.split("?");
  const sent = method === "GET" ? decodeURIComponent(query) : form;
  return { method, path, form: sent, status: 200, headers: new Headers(), body: null };
}

export async function all<T>(given: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of given) items.push(item);
  return items;
}

const ok = (body: object): Canned => ({ status: 200, body: JSON.stringify(body) });

export const list = (...data: readonly object[]) =>
  ok({ object: "list", has_more: false, url: "/v1/list", data });

/** A definite no, with what Stripe tells along. */
export const no = (code: string, more: object = {}): Canned => ({
  status: 400,
  body: JSON.stringify({ error: { type: "invalid_request_error", code, message: "No.", ...more } }),
});

export const unexpectedState = (intent: object) =>
  no("payment_intent_unexpected_state", { payment_intent: intent });

/** A 500 that Stripe has stored under the key and gives again for a day. */
export const storedError: Canned = {
  status: 500,
  body: JSON.stringify({ error: { type: "api_error", message: "An error occurred." } }),
  headers: { "idempotent-replayed": "true" },
};

/** What a proxy on the way may say: no error of Stripe's in it, so the SDK takes it for an answer. */
export const nonsense: readonly Canned[] = [
  { status: 502, body: "{}" },
  { status: 503, body: '{"message":"Service Unavailable"}' },
  { status: 200, body: "[]" },
  { status: 200, body: '{"object":"payment_intent","id":"pi_1"}' },
  { status: 500, body: "<html>" },
  { status: 200, body: "" },
];

/** Answers that say nothing of the money, or that it is still being decided. */
export const unknowns: readonly Canned[] = [
  ...nonsense,
  { status: 500, body: '{"error":{"type":"api_error"}}' },
  { status: 424, body: '{"error":{"type":"api_error"}}' },
  { status: 429, body: '{"error":{"type":"rate_limit","code":"rate_limit"}}' },
  {
    status: 409,
    body: '{"error":{"type":"invalid_request_error","code":"idempotency_key_in_use"}}',
  },
  { status: 400, body: '{"error":{"type":"idempotency_error"}}' },
  { status: 401, body: '{"error":{"type":"invalid_request_error"}}' },
];
