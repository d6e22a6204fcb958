import type { ApiKey } from "./api-keys.ts";

type Door = { readonly path: `/v1/${string}/*`; readonly keys: readonly ApiKey["kind"][] };

/** Which keys open which paths: the edge asks for them, and the reference names them. */
export const doors: readonly Door[] = [
  { path: "/v1/ops/*", keys: ["operator"] },
  { path: "/v1/webhook-endpoints/*", keys: ["secret"] },
  { path: "/v1/products/*", keys: ["publishable", "secret"] },
  { path: "/v1/address-form/*", keys: ["publishable", "secret"] },
  { path: "/v1/carts/*", keys: ["publishable", "secret"] },
  { path: "/v1/customer-tokens/*", keys: ["secret"] },
  { path: "/v1/checkouts/*", keys: ["publishable", "secret"] },
  { path: "/v1/withdrawals/*", keys: ["publishable", "secret"] },
  { path: "/v1/orders/*", keys: ["publishable", "secret", "operator"] },
];

/** What a path without a door is opened by instead of a key: a signature, or its own address. */
export const doorless = ["/v1/webhooks/", "/return/", "/healthz"];

export function doorOf(path: string): Door | undefined {
  if (doorless.some((part) => path.includes(part))) return undefined;
  return doors.find((door) => `${path}/`.startsWith(door.path.slice(0, -1)));
}
