import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { CaptureRequest, RefundRequest } from "../provider.ts";
import { StripeProvider } from "./stripe.provider.ts";
import { call, cardRequest, dayLater, intentOf, name } from "./test-request.ts";

/** The wire proper is told in test/stories; here are answers that no simulator gives. */
type Canned = { readonly status: number; readonly body: string };
let server: Server;
let provider: StripeProvider;
let answers: Canned[] = [];
let asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const { status, body } = answers.shift() ?? { status: 500, body: "" };
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const apiBase = `http://127.0.0.1:${port}`;
  provider = new StripeProvider({ apiBase, secretKey: "sk_test_local" });
});
beforeEach(() => {
  answers = [];
  asked = [];
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const { amount } = cardRequest;
const secured = { provider: "stripe", method: "card", reference: "pi_1", amount } as const;
const capturing: CaptureRequest = {
  ...name,
  key: "1".repeat(64),
  secured,
  amount,
  n: 1,
  isLast: true,
};
const refunding: RefundRequest = { ...name, key: "2".repeat(64), secured, amount, n: 1 };
const intent = (status: string, more: object = {}) => JSON.stringify(intentOf(status, more));

/** What a proxy on the way may say: no error of Stripe's in it, so the SDK takes it for an answer. */
const nonsense = [
  { status: 502, body: "{}" },
  { status: 503, body: '{"message":"Service Unavailable"}' },
  { status: 200, body: "[]" },
  { status: 200, body: '{"object":"payment_intent","id":"pi_1"}' },
  { status: 500, body: "<html>" },
  { status: 200, body: "" },
];

test.each(nonsense)("authorize takes $status $body for no answer", async (answer) => {
  answers = [answer];
  await expect(provider.authorize(cardRequest, call)).rejects.toThrow();
});

test.each(nonsense)("capture takes $status $body for no answer", async (answer) => {
  answers = [answer];
  await expect(provider.capture(capturing, call)).rejects.toThrow();
});

test.each(nonsense)("a refund of an order takes $status $body for no answer", async (answer) => {
  answers = [answer];
  await expect(provider.refund(refunding, call)).rejects.toThrow();
});

test.each(nonsense)("a void takes $status $body for no answer", async (answer) => {
  answers = [answer];
  await expect(provider.resolveAndVoid(cardRequest, secured, call)).rejects.toThrow();
});

test.each(nonsense)(
  "the refund of a payment that must go back takes $status $body for no answer",
  async (answer) => {
    const error = { type: "invalid_request_error", code: "payment_intent_unexpected_state" };
    const taken = JSON.parse(intent("succeeded"));
    const unexpected = JSON.stringify({ error: { ...error, payment_intent: taken } });
    answers = [{ status: 400, body: unexpected }, answer];
    await expect(provider.resolveAndVoid(cardRequest, secured, call)).rejects.toThrow();
    expect(asked).toEqual(["POST /v1/payment_intents/pi_1/cancel", "POST /v1/refunds"]);
  },
);

test("an authorization over another amount is a bug that holds no sale", async () => {
  answers = [{ status: 200, body: intent("requires_capture", { amount: 1 }) }];
  await expect(provider.authorize(cardRequest, call)).rejects.toThrow(/holds what was asked for/);
});

test("a capture that is still under way is pending", async () => {
  answers = [{ status: 200, body: intent("processing") }];
  expect(await provider.capture(capturing, call)).toEqual({
    capture: "pending",
    reference: "pi_1",
  });
});

test("a capture of a hold that ran out is refused for good", async () => {
  const error = { type: "invalid_request_error", code: "payment_intent_unexpected_state" };
  const gone = JSON.parse(intent("canceled"));
  const body = JSON.stringify({ error: { ...error, payment_intent: gone } });
  answers = [{ status: 400, body }];
  expect(await provider.capture(capturing, call)).toEqual({
    capture: "refused",
    reason: "expired",
  });
});

test("a key that Stripe may have forgotten is not sent again: the payment is looked up", async () => {
  const list = { object: "list", has_more: false, url: "/v1/payment_intents", data: [] };
  answers = [{ status: 200, body: JSON.stringify(list) }];
  expect(await provider.resolveAndVoid(cardRequest, undefined, dayLater)).toEqual({
    reversal: "never_existed",
  });
  expect(asked).toEqual([
    "GET /v1/payment_intents?created[gte]=1699999700&limit=100&expand[0]=data.latest_charge",
  ]);
});
