import { env } from "cloudflare:workers";
import { createHash } from "node:crypto";
import { shopKeys } from "../../../scripts/machine/local-keys.ts";
import type { ApiKey } from "../gate/api-keys.ts";

/** A second shop of the same deployment, with a key of each kind. */
export const RIVAL = "rival";
const rivalKeys = {
  publishable: "pk_test_rival_storefront",
  secret: "sk_test_rival_merchant",
  operator: "op_test_rival_operator",
} as const satisfies Record<ApiKey["kind"], string>;
const REVOKED = "sk_test_revoked_merchant";

/** One way to stand before the API: a key or none, and perhaps the secret of a sale. */
export type Caller = {
  readonly name: string;
  readonly key?: string;
  /** Of the key; absent where it opens nothing. */
  readonly kind?: ApiKey["kind"];
  readonly isForeign?: true;
  /** Whether the sale's own secret is sent with it, or another sale's. */
  readonly secret?: "own" | "wrong";
};

export const callers: readonly Caller[] = [
  { name: "nobody" },
  { name: "nobody with the sale's secret", secret: "own" },
  { name: "a key that was revoked", key: REVOKED },
  { name: "a storefront", key: shopKeys.publishable, kind: "publishable" },
  { name: "the shopper", key: shopKeys.publishable, kind: "publishable", secret: "own" },
  { name: "another shopper", key: shopKeys.publishable, kind: "publishable", secret: "wrong" },
  { name: "the merchant", key: shopKeys.secret, kind: "secret" },
  { name: "the operator", key: shopKeys.operator, kind: "operator" },
  ...(["publishable", "secret", "operator"] as const).map((kind) => ({
    ...{ name: `another shop's ${kind} key`, key: rivalKeys[kind], kind, isForeign: true as const },
  })),
  {
    ...{ name: "another shop's storefront with the sale's secret", isForeign: true },
    ...{ key: rivalKeys.publishable, kind: "publishable", secret: "own" },
  },
];

/** Brings the second shop and its keys into the catalogue. */
export async function openRival(): Promise<void> {
  await env.CATALOG.prepare(
    "INSERT INTO shops (shop_id, name, country, region, time_zone) SELECT ?, 'Rival', country, region, time_zone FROM shops",
  )
    .bind(RIVAL)
    .run();
  for (const [kind, key] of Object.entries(rivalKeys)) {
    await env.CATALOG.prepare("INSERT INTO api_keys (key_hash, shop_id, kind) VALUES (?, ?, ?)")
      .bind(createHash("sha256").update(key).digest("hex"), RIVAL, kind)
      .run();
  }
}
