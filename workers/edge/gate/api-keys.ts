import { createHash } from "node:crypto";
import * as z from "zod";
import { IsolateCache } from "../../../pricing/isolate-cache.ts";
import { ShopId } from "../../../schema/ids.ts";

export const ApiKey = z.object({
  shopId: ShopId,
  kind: z.enum(["publishable", "secret", "operator"]),
});
export type ApiKey = z.infer<typeof ApiKey>;

const KEY_FORM = /^(?:pk|sk|op)_[A-Za-z0-9_]{8,100}$/;
const cache = new IsolateCache<ApiKey>(10_000);

/** Whose key a bearer token is; undefined when nobody's. Keys are stored as hashes only. */
export async function findApiKey(
  catalogue: D1Database,
  authorization: string | undefined,
  nowMs: number,
): Promise<ApiKey | undefined> {
  const token = /^Bearer (\S+)$/.exec(authorization ?? "")?.[1];
  if (!token || !KEY_FORM.test(token)) return undefined;
  const hash = createHash("sha256").update(token).digest("hex");
  const found = await cache.get([hash], nowMs, async () => {
    const row = await catalogue
      .prepare("SELECT shop_id AS shopId, kind FROM api_keys WHERE key_hash = ?")
      .bind(hash)
      .first();
    return new Map(row ? [[hash, ApiKey.parse(row)]] : []);
  });
  return found.get(hash);
}
