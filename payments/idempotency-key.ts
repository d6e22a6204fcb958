import { createHash } from "node:crypto";

/**
 * The idempotency key of one provider call: derived, so that every retry, also after a restart, sends
 * the same. 64 characters of lower-case hex: what Stripe (255) and Adyen (64) both take.
 */
export function providerKey(...parts: readonly [string, ...string[]]): string {
  return createHash("sha256").update(parts.join("/")).digest("hex");
}
