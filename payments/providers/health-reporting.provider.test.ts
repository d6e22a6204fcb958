import { expect, test } from "vitest";
import { isRefusal, UnsentBug } from "../../schema/outcome.ts";
import { refuse } from "../../schema/refusals.ts";
import type { Sample } from "../health/health-watch.ts";
import { type Authorization, CARD_LOST, type PaymentProvider } from "../provider.ts";
import { StripeProvider } from "../stripe/stripe.provider.ts";
import { call, cardRequest } from "../stripe/testing/payment-fixtures.ts";
import { withAuthorize } from "./authorize-decorator.ts";
import { reachable } from "./connection-check.provider.ts";
import { measured } from "./health-reporting.provider.ts";

const nowhere = new StripeProvider({ apiBase: "http://127.0.0.1:9", secretKey: "sk_test_nothing" });
const { amount } = cardRequest;
const held: Authorization = { provider: "stripe", method: "card", reference: "pi_1", amount };
const declined = (more: object = {}) => refuse("payment_declined", { reason: "no", ...more });

/** A provider that answers an authorize like this after 400 ms, with what its health hears. */
function metered(authorize: PaymentProvider["authorize"]) {
  const heard: (Sample & { readonly region: string })[] = [];
  let nowMs = 1_000;
  const slow = withAuthorize(nowhere, (...asked) => {
    nowMs += 400;
    return authorize(...asked);
  });
  const provider = measured(slow, {
    name: "stripe",
    nowMs: () => nowMs,
    note: (region, sample) => heard.push({ region, ...sample }),
  });
  return { provider, heard };
}

test.each([
  ["money that is held", held, "answered"],
  ["a bank's no", declined(), "refused"],
  ["a no that another provider may not share", declined({ retryable: true }), "fault"],
] as const)("%s is told with its time, and passed on", async (_what, answer, outcome) => {
  const { provider, heard } = metered(async () => answer);

  expect(await provider.authorize(cardRequest, call)).toBe(answer);
  expect(heard).toEqual([
    { region: "eu", provider: "stripe", method: "card", outcome, durationMs: 400, atMs: 1_400 },
  ]);
});

test("a call without an answer is a fault once, however often it is repeated", async () => {
  const { provider, heard } = metered(() => Promise.reject(new Error("reset")));

  for (const nthTry of [1, 2, 3]) {
    await expect(provider.authorize(cardRequest, { ...call, nthTry })).rejects.toThrow("reset");
  }

  expect(heard.map(({ outcome }) => outcome)).toEqual(["fault"]);
});

test("a bug of ours before anything was sent says nothing of the provider", async () => {
  const { provider, heard } = metered(() => Promise.reject(new UnsentBug("Bug: 5124 KWD")));

  await expect(provider.authorize(cardRequest, call)).rejects.toBeInstanceOf(UnsentBug);

  expect(heard).toEqual([]);
});

test("a card that a crash of ours took says nothing of a provider that was never asked", async () => {
  const { provider, heard } = metered(async () => declined({ reason: CARD_LOST, retryable: true }));

  await provider.authorize(cardRequest, call);

  expect(heard).toEqual([]);
});

test("a repeat that is answered speaks for the provider", async () => {
  const { provider, heard } = metered(async () => held);

  await provider.authorize(cardRequest, { ...call, nthTry: 7 });

  expect(heard.map(({ outcome }) => outcome)).toEqual(["answered"]);
});

type Socket = { readonly opened: Promise<unknown>; close(): Promise<void> };

/** A provider behind a connection that ends like this; `sent` counts what reached it. */
function behind(opened: () => Promise<unknown>, isSuspect = true) {
  const seen = { sent: 0, connected: [] as string[] };
  const provider = reachable(
    withAuthorize(nowhere, async () => {
      seen.sent += 1;
      return held;
    }),
    {
      name: "stripe",
      isSuspect: () => isSuspect,
      apiBaseOf: () => "https://api.stripe.com",
      connect: ({ hostname, port }): Socket => {
        seen.connected.push(`${hostname}:${port}`);
        return { opened: opened(), close: async () => undefined };
      },
    },
  );
  return { provider, seen };
}

const refusedConnection = () => Promise.reject(new Error("refused"));

test("a suspect that cannot be connected to is refused before anything is sent", async () => {
  const { provider, seen } = behind(refusedConnection);

  const answer = await provider.authorize(cardRequest, call);

  expect(answer).toEqual({
    refused: "payment_declined",
    detail: { reason: "provider_unreachable", retryable: true, provider: "stripe" },
  });
  expect(seen).toEqual({ sent: 0, connected: ["api.stripe.com:443"] });
});

test("a connection that hangs was no connection: nothing is sent over it", async () => {
  const { provider, seen } = behind(() => new Promise(() => undefined));

  expect(isRefusal(await provider.authorize(cardRequest, call))).toBe(true);
  expect(seen.sent).toBe(0);
});

test("a suspect that can be connected to is asked as ever", async () => {
  const { provider, seen } = behind(async () => ({}));

  expect(await provider.authorize(cardRequest, call)).toBe(held);
  expect(seen).toEqual({ sent: 1, connected: ["api.stripe.com:443"] });
});

test("who is well costs no connection, and a repeat never: something may have been sent", async () => {
  const well = behind(refusedConnection, false);
  const repeated = behind(refusedConnection);

  expect(await well.provider.authorize(cardRequest, call)).toBe(held);
  expect(await repeated.provider.authorize(cardRequest, { ...call, nthTry: 2 })).toBe(held);

  expect([well.seen, repeated.seen]).toEqual([
    { sent: 1, connected: [] },
    { sent: 1, connected: [] },
  ]);
});
