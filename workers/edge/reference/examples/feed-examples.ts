/** What the reference shows of feeds, dead letters and webhook endpoints, held as the others are. */

const orderId = "ord_eu_4j7q0w1nqk6cz7h9v2t8xb5dme";
const at = "2026-11-23T10:02:24.815Z";
const later = "2026-11-23T10:07:24.815Z";

const caughtUp = { state: "running", offset: 5120, lag: { events: 0, seconds: 0 } };
export const feedView = { region: "eu", feed: "analytics", end: 5120, ...caughtUp };
export const pauseFeed = { reason: "the warehouse is being moved" };
export const pausedFeed = { ...feedView, state: "paused", paused: { at, ...pauseFeed } };
export const replayFeed = { afterOffset: 0 };

export const rollup = {
  shopId: "demo",
  region: "eu",
  hour: "2026-11-23T10:00:00.000Z",
  currency: "EUR",
  orders: 41,
  orderedMinor: 126_608,
  captures: 41,
  capturedMinor: 126_608,
  refunds: 1,
  refundedMinor: 500,
  cancellations: 0,
  failures: 0,
};

export const mail = {
  region: "eu",
  eventId: `${orderId}/1`,
  orderId,
  at,
  to: { email: "ada@example.com", name: "Ada Lovelace" },
  subject: `Your order ${orderId}`,
  text: `Thank you. We have your order ${orderId} over €30.88 and are getting it ready.`,
};

const letter = {
  letterId: "events-eu-dlq.4d1f",
  region: "eu",
  queue: "events-eu-dlq",
  state: "open",
  cause: "Nobody here knows events of the type tender.order.placed.v9.",
  attempts: 6,
  firstAt: at,
  lastAt: at,
};
export const letterList = { letters: [letter] };
export const letterInFull = { ...letter, body: '{"type":"tender.order.placed.v9"}' };
export const redrivenLetter = { ...letter, state: "redriven", decidedAt: later };
export const redriveLetters = { letterIds: [letter.letterId] };
export const redriven = { letters: [{ letterId: letter.letterId, outcome: "redriven" }] };
export const discardLetter = { reason: "a load test's" };
export const discardedLetter = {
  ...letter,
  state: "discarded",
  decidedAt: later,
  discardReason: discardLetter.reason,
};

export const registerEndpoint = {
  url: "https://shop.example/hooks/tender",
  types: ["tender.order.placed.v1", "tender.order.refunded.v1"],
};
export const endpoint = {
  endpointId: "whe_9f2c51d07e6a4b8c93e1a2f4d5b60718",
  ...registerEndpoint,
  secrets: [{ secret: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD" }],
  createdAt: at,
};
export const rotatedEndpoint = {
  ...endpoint,
  secrets: [
    { secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" },
    { ...endpoint.secrets[0], expiresAt: "2026-11-24T10:02:24.815Z" },
  ],
};
export const endpointInRegions = { ...endpoint, regions: [{ region: "eu", ...caughtUp }] };

export const replayEndpoint = { region: "eu", since: at };
export const replayed = { region: "eu", afterOffset: 5117 };
export const delivery = {
  deliveryId: "812",
  region: "eu",
  eventId: `${orderId}/1`,
  type: "tender.order.placed.v1",
  attempt: 2,
  at: later,
  durationMs: 84,
  status: 200,
  delivered: true,
};
