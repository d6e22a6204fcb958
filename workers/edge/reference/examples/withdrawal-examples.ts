import { order } from "./sale-examples.ts";

/** What the reference shows of withdrawals. A test parses each against the schema of its call. */

const orderNumber = "4J7Q-0W1N-QK6C";
const statement = `I withdraw from my contract for order ${orderNumber}: 1 × Mug.`;

export const askWithdrawal = { lines: [{ sku: "mug", quantity: 1 }] };

export const asked = {
  ...{ orderId: order.orderId, orderNumber, withdrawal: 1, status: "asked" },
  lines: [{ sku: "mug", name: "Mug", quantity: 1 }],
  statement,
  lastDay: "2026-12-14",
};

export const confirmed = {
  ...asked,
  status: "confirmed",
  confirmedAt: "2026-12-01T17:04:00.000Z",
  acknowledgement: `We received your withdrawal on 2026-12-01 at 18:04 (Europe/Berlin).\n\nYou declared: ${statement}`,
};

export const guestWithdrawal = { orderNumber, email: "ada@example.com", confirm: false };

export const guestAsked = {
  ...{ status: "asked", orderNumber },
  statement: `I withdraw from my contract for order ${orderNumber}.`,
  next: "Nothing is declared yet: confirm the withdrawal.",
};

export const returnOrder = {
  lines: [{ sku: "mug", quantity: 1, outcome: "received", then: "restock" }],
};
