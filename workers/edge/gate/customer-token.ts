import { createHmac, timingSafeEqual } from "node:crypto";
import * as z from "zod";
import { CustomerId } from "../../../schema/buyer.ts";
import { DAY_MS } from "../../../schema/durations.ts";
import type { ShopId } from "../../../schema/ids.ts";
import type { Refusal } from "../../../schema/outcome.ts";
import { refuse } from "../../../schema/refusals.ts";
import type { ApiKey } from "./api-keys.ts";

const LASTS_MS = DAY_MS; // a day of shopping; the shop's own login makes the next one
const TOKEN = /^ct_([A-Za-z0-9_-]{1,64})\.(\d{1,16})\.([A-Za-z0-9_-]{43})$/;

export const CUSTOMER_TOKEN = "customer-token";

/** A publishable key proves no customer, so their own token goes with it. */
export const CustomerHeader = z.object({
  [CUSTOMER_TOKEN]: z
    .string()
    .max(200)
    .optional()
    .openapi({ description: "the `customerToken` of who has logged in; a secret key needs none" }),
});

/** What proves to the API that a browser belongs to a customer of the shop. Nothing of it is stored. */
export function customerTokenFor(
  idKey: string,
  { shopId, customerId }: { readonly shopId: ShopId; readonly customerId: CustomerId },
  nowMs: number,
) {
  const expiresAtMs = nowMs + LASTS_MS;
  const mac = macOf(idKey, shopId, `${customerId}.${expiresAtMs}`);
  return {
    customerToken: `ct_${customerId}.${expiresAtMs}.${mac}`,
    expiresAt: new Date(expiresAtMs).toISOString(),
  };
}

type Proof = {
  readonly apiKey: ApiKey;
  readonly token: string | undefined;
  /** As a merchant's server names the customer; a browser's word counts for nothing. */
  readonly named: string | undefined;
};

/** Whom a call is about: the customer that a secret key names, or the one whose token came along. */
export function customerOf(
  idKey: string,
  { apiKey, token, named }: Proof,
  nowMs: number,
): CustomerId | Refusal<"customer_unknown" | "invalid_request"> {
  if (apiKey.kind === "secret" && token === undefined) {
    const { data } = CustomerId.safeParse(named);
    return data ?? refuse("invalid_request", { issues: ["customerId: a secret key names it"] });
  }
  const [, customerId = "", expiresAtMs = "", mac = ""] = TOKEN.exec(token ?? "") ?? [];
  const right = macOf(idKey, apiKey.shopId, `${customerId}.${expiresAtMs}`);
  const isRight =
    mac.length === right.length && timingSafeEqual(Buffer.from(mac), Buffer.from(right));
  return isRight && Number(expiresAtMs) > nowMs ? customerId : refuse("customer_unknown");
}

function macOf(idKey: string, shopId: ShopId, text: string): string {
  const name = JSON.stringify(["customer-token", shopId, text]);
  return createHmac("sha256", idKey).update(name).digest("base64url");
}
