/** What the reference shows. A test parses each against the schema of its call. */

const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });

const address = {
  name: "Ada Lovelace",
  line1: "Torstraße 1",
  city: "Berlin",
  postalCode: "10119",
  country: "DE",
};

export const createCart = { currency: "EUR", country: "DE" };
export const setLine = { quantity: 2, note: "Engrave: Ada" };
export const setCodes = { codes: ["SPRING"] };

export const emptyCart = {
  cartId: "crt_eu_9k2f6m0tqzr4wx8c1b5ynd7hve",
  version: 1,
  currency: "EUR",
  country: "DE",
  lines: [],
  promotionCodes: [],
  subtotal: eur(0),
};

export const cart = {
  ...emptyCart,
  version: 2,
  lines: [
    {
      ...{ sku: "mug", quantity: 2, note: "Engrave: Ada" },
      ...{ name: "Mug", unitAmount: eur(1299), amount: eur(2598) },
    },
  ],
  subtotal: eur(2598),
};

export const createCheckout = {
  lines: [{ sku: "mug", quantity: 2, note: "Engrave: Ada" }],
  currency: "EUR",
  country: "DE",
  customer: { email: "ada@example.com", name: "Ada Lovelace" },
  shippingAddress: address,
  billingAddress: { ...address, name: "Accounts", vatNumber: "DE123456789" },
  company: "Analytical Engines KG",
  note: "Please leave it with the neighbours.",
  shippingOption: "standard",
};

export const payCheckout = {
  payment: {
    method: "card",
    tokens: { stripe: "pm_card_visa" },
    returnUrl: "https://shop.example/thanks",
  },
  expectedTotal: eur(3088),
};

export const patchCheckout = {
  lines: [{ sku: "mug", quantity: 1, note: "Engrave: Ada" }],
  shippingOption: "express",
  note: "",
};
export const refundOrder = {
  lines: [{ sku: "mug", quantity: 1, then: "restock" }],
  shipping: false,
};
export const cancelOrder = { lines: [{ sku: "mug", quantity: 1 }] };
export const fulfilOrder = { lines: [{ sku: "mug", quantity: 1 }] };
export const captureOrder = { amount: eur(1500), final: false };

const ids = {
  checkoutId: "chk_eu_4j7q0w1nqk6cz7h9v2t8xb5dme",
  orderId: "ord_eu_4j7q0w1nqk6cz7h9v2t8xb5dme",
};

export const openCheckout = {
  checkoutId: ids.checkoutId,
  clientSecret: "cs_Jm1Zr0b4vT8kq2Yx6LwPn3Hd9sAeUc7f",
  status: "open",
  region: "eu",
  quote: {
    lines: [{ sku: "mug", name: "Mug", quantity: 2, unitAmount: eur(1299), amount: eur(2598) }],
    shipping: { option: "standard", name: "Standard", amount: eur(490) },
    discounts: [],
    taxes: [{ name: "VAT", country: "DE", ratePpm: 190_000, inclusive: true, amount: eur(493) }],
    notices: [
      { kind: "terms", title: "Our terms", url: "https://shop.example/terms" },
      {
        kind: "withdrawal",
        title: "Your right to withdraw",
        url: "https://shop.example/withdrawal",
      },
    ],
    subtotal: eur(2598),
    discount: eur(0),
    tax: eur(493),
    total: eur(3088),
    expiresAt: "2026-11-23T10:15:00.000Z",
    hash: "b1946ac92492d2347c6235b4d2611184a3f5c9d0e7b86f21c4d5e6f708192a3b",
  },
  hold: { expiresAt: "2026-11-23T10:15:00.000Z" },
  paymentMethods: ["card"],
};

const { clientSecret: _secret, hold: _hold, ...seen } = openCheckout;

const payment = {
  attempt: 1,
  status: "captured",
  method: "card",
  amount: eur(3088),
  provider: "stripe",
};

const step = (at: string, name: string, run: string, durationMs: number, option?: string) => ({
  at: `2026-11-23T10:02:${at}Z`,
  step: name,
  state: "done",
  detail: { run, attempt: 1, durationMs, ...(option ? { option } : {}) },
});

const orderNumber = "4J7Q-0W1N-QK6C";

export const captured = {
  ...seen,
  status: "captured",
  orderId: ids.orderId,
  orderNumber,
  payment,
};

export const capturedWithTimeline = {
  ...captured,
  timeline: [
    step("11.020", "quote", "open", 1),
    step("11.022", "hold", "open", 3),
    step("24.400", "authorize", "pay/1", 412, "stripe"),
    step("24.812", "allocate", "pay/1", 2),
    step("24.815", "place", "pay/1", 0),
    step("24.816", "capture", "pay/1", 305),
    step("25.121", "requestFulfilment", "pay/1", 0),
  ],
  routes: [{ attempt: 1, providers: ["stripe"], why: ["rule default: stripe"] }],
};

export const awaitingShopper = {
  ...seen,
  hold: openCheckout.hold,
  status: "awaiting_shopper",
  payment: {
    ...payment,
    status: "awaiting_shopper",
    nextAction: { type: "redirect", url: "https://bank.example/3ds/4f1c" },
  },
};

export const patched = { ...seen, hold: openCheckout.hold };
export const refunded = { ...captured, payment: { ...payment, status: "refunded" } };
export const cancelled = { ...seen, status: "cancelled" };

export const order = {
  ...ids,
  orderNumber,
  shopId: "demo",
  region: "eu",
  version: 3,
  status: "fulfillment_requested",
  payment: "captured",
  fulfilment: "requested",
  dispute: "none",
  total: eur(3088),
  captured: eur(3088),
  refunded: eur(0),
  lines: [{ sku: "mug", quantity: 2, unitAmount: eur(1299), paid: eur(2598), captured: eur(2598) }],
  provider: "stripe",
  providerReference: "pi_3QX1",
  customerReference: "cus_Rk3w9TzYb1",
  createdAt: "2026-11-23T10:02:24.815Z",
  updatedAt: "2026-11-23T10:02:25.121Z",
};

export const orderList = { orders: [order], next: "WzE3OTU0MTM2MDAwMDAsIm9yZF9ldV8iXQ" };

export const streamEvent = {
  event: "checkout",
  data: `{"checkoutId":"${ids.checkoutId}","status":"paying", …}`,
  id: "5f0c…",
  retry: 1000,
};

export const resumed = { resumed: ["chk_eu_4j7q0w1nqk6cz7h9v2t8xb5dme/pay/1"] };
