import { cart } from "./sale-examples.ts";

const usd = (amountMinor: number) => ({ amountMinor, currency: "USD" });

export const changeCart = { country: "US", currency: "USD" };

export const movedCart = {
  ...cart,
  ...changeCart,
  cartId: "crt_us_2m8vq0tzr4wx9k6f1b5ynd7hce",
  version: 1,
  lines: [{ sku: "mug", quantity: 2, name: "Mug", unitAmount: usd(1399), amount: usd(2798) }],
  subtotal: usd(2798),
  cuts: [{ sku: "mug", because: "note_stays_home" }],
};

/** With a secret key; a browser sends its Customer-Token and no name. */
export const logIn = { customerId: "c-1815" };

export const mergedCart = {
  ...cart,
  version: 5,
  cuts: [{ sku: "mug", because: "out_of_stock", wanted: 4, kept: 2 }],
};

export const customerToken = {
  customerToken: "ct_c-1815.1795608000000.m4uYpG1v0sV8kq2Yx6LwPn3Hd9sAeUc7fJm1Zr0b4VT",
  expiresAt: "2026-11-25T12:00:00.000Z",
};
