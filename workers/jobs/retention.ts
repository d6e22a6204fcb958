import { UnroutedWebhooks } from "../../payments/unrouted-webhooks.ts";

/** Longer than a bank takes to come with a dispute, and than any provider sends a webhook again. */
const KEEP_WEBHOOKS_MS = 180 * 86_400_000;

/** Forgets webhooks that no sale took and that are settled, or an operator's letter, since long. */
export async function forgetWebhooks(env: Env, nowMs: number): Promise<void> {
  const kept = new UnroutedWebhooks(env.CATALOG);
  const webhooks = await kept.forget(nowMs - KEEP_WEBHOOKS_MS);
  if (webhooks > 0) console.log({ event: "webhooks.forgotten", webhooks });
}
