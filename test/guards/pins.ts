import type { Pinned } from "./pinned.ts";

/**
 * What a card sale of two SKUs costs, exactly. These may only fall: a change that lowers one lowers it here,
 * a change that raises one has to say what for. In `departures` a line is what leaves side by side; each
 * line but the first waits for the one before it.
 */
/** Created and paid in one call, no webhooks. */
export const inOneCall: Pinned = {
  beforeItsAnswers: [
    {
      departures: [
        "create",
        "hold + hold",
        "POST /v1/payment_intents",
        "allocate + allocate",
        "POST /v1/payment_intents/{id}/capture",
      ],
      commits: {
        CheckoutObject: 2,
        InventoryObject: 4,
      },
      statements: {
        CheckoutObject: 10,
        InventoryObject: 8,
      },
    },
  ],
  departures: [
    "create",
    "hold + hold",
    "POST /v1/payment_intents",
    "allocate + allocate",
    "POST /v1/payment_intents/{id}/capture",
    "wake + wake + wake + wake",
    "applied",
  ],
  commits: {
    CheckoutObject: 4,
    InventoryObject: 4,
  },
  calls: {
    "CheckoutObject.applied": 1,
    "CheckoutObject.create": 1,
    "FeedObject.wake": 4,
    "InventoryObject.allocate": 2,
    "InventoryObject.hold": 2,
  },
  statements: {
    CheckoutObject: 15,
    InventoryObject: 8,
  },
  rowsRead: {
    CheckoutObject: 24,
    InventoryObject: 10,
  },
  rowsWritten: {
    "CheckoutObject: DELETE FROM outbox": 3,
    "CheckoutObject: INSERT INTO answers": 1,
    "CheckoutObject: INSERT INTO checkout": 1,
    "CheckoutObject: INSERT INTO outbox": 3,
    "CheckoutObject: INSERT INTO runs": 2,
    "CheckoutObject: UPDATE answers": 1,
    "CheckoutObject: UPDATE checkout": 2,
    "CheckoutObject: UPDATE runs": 2,
    "CheckoutObject: schema": 2,
    "InventoryObject: INSERT INTO holds": 4,
    "InventoryObject: UPDATE holds": 2,
    "InventoryObject: UPDATE stock": 4,
  },
  alarms: {
    "CheckoutObject.setAlarm": 2,
  },
  d1: {
    alone: 2,
    batches: 1,
    rowsWritten: 13,
    statements: 4,
  },
  queues: {
    messages: 3,
    sends: 1,
  },
  outside: {
    "POST /v1/payment_intents": 1,
    "POST /v1/payment_intents/{id}/capture": 1,
  },
  requests: {
    fetch: 1,
    queue: 1,
  },
};

/** Created, then paid in a second call; the provider tells of it in three webhooks. */
export const inTwoCalls: Pinned = {
  beforeItsAnswers: [
    {
      departures: ["create", "hold + hold"],
      commits: {
        CheckoutObject: 1,
        InventoryObject: 2,
      },
      statements: {
        CheckoutObject: 5,
        InventoryObject: 4,
      },
    },
    {
      departures: [
        "create",
        "hold + hold",
        "pay",
        "POST /v1/payment_intents",
        "allocate + allocate",
        "POST /v1/payment_intents/{id}/capture",
      ],
      commits: {
        CheckoutObject: 3,
        InventoryObject: 4,
      },
      statements: {
        CheckoutObject: 12,
        InventoryObject: 8,
      },
    },
  ],
  departures: [
    "create",
    "hold + hold",
    "pay",
    "POST /v1/payment_intents",
    "allocate + allocate",
    "POST /v1/payment_intents/{id}/capture",
    "receive",
    "GET /v1/payment_intents/{id}",
    "receive",
    "receive",
    "wake + wake + wake + wake",
    "applied",
  ],
  commits: {
    CheckoutObject: 8,
    InventoryObject: 4,
  },
  calls: {
    "CheckoutObject.applied": 1,
    "CheckoutObject.create": 1,
    "CheckoutObject.pay": 1,
    "CheckoutObject.receive": 3,
    "FeedObject.wake": 4,
    "InventoryObject.allocate": 2,
    "InventoryObject.hold": 2,
  },
  statements: {
    CheckoutObject: 20,
    InventoryObject: 8,
  },
  rowsRead: {
    CheckoutObject: 26,
    InventoryObject: 10,
  },
  rowsWritten: {
    "CheckoutObject: DELETE FROM outbox": 3,
    "CheckoutObject: INSERT INTO answers": 2,
    "CheckoutObject: INSERT INTO checkout": 1,
    "CheckoutObject: INSERT INTO notices": 3,
    "CheckoutObject: INSERT INTO outbox": 3,
    "CheckoutObject: INSERT INTO runs": 2,
    "CheckoutObject: UPDATE answers": 1,
    "CheckoutObject: UPDATE checkout": 3,
    "CheckoutObject: UPDATE runs": 2,
    "CheckoutObject: schema": 2,
    "InventoryObject: INSERT INTO holds": 4,
    "InventoryObject: UPDATE holds": 2,
    "InventoryObject: UPDATE stock": 4,
  },
  alarms: {
    "CheckoutObject.setAlarm": 3,
  },
  d1: {
    alone: 2,
    batches: 1,
    rowsWritten: 13,
    statements: 4,
  },
  queues: {
    messages: 3,
    sends: 1,
  },
  outside: {
    "GET /v1/payment_intents/{id}": 1,
    "POST /v1/payment_intents": 1,
    "POST /v1/payment_intents/{id}/capture": 1,
  },
  requests: {
    fetch: 5,
    queue: 1,
  },
};
