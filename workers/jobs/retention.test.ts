import { env } from "cloudflare:workers";
import { beforeEach, expect, test, vi } from "vitest";
import { demo } from "../../durable-objects/checkout/testing/sale.ts";
import { letterIdOf } from "../../orders/dead-letter.ts";
import { orderStoreOf } from "../../orders/region-order-store.ts";
import { UnroutedWebhooks } from "../../payments/unrouted-webhooks.ts";
import { redrive } from "../edge/asking/letter-desk.ts";
import { runJobs } from "./scheduled.ts";

const DAY_MS = 86_400_000;
const NOW_MS = Date.parse("2026-11-24T03:20:00Z");
const DAILY = "20 3 * * *";
const kept = new UnroutedWebhooks(env.CATALOG);

beforeEach(() => void vi.spyOn(console, "log").mockImplementation(() => undefined));

async function keep(eventId: string, daysAgo: number, end?: string): Promise<void> {
  const event = {
    provider: "stripe",
    eventId,
    type: "charge.refunded",
    reference: "pi_x",
  } as const;
  await kept.keepEvents([event], NOW_MS - daysAgo * DAY_MS);
  if (end) await kept.close({ provider: "stripe", event_id: eventId }, end);
}

async function keptIds(): Promise<readonly string[]> {
  const query = "SELECT event_id FROM unrouted_webhooks ORDER BY event_id";
  const { results } = await env.CATALOG.prepare(query).all<{ event_id: string }>();
  return results.map(({ event_id }) => event_id);
}

test("webhooks that are settled are forgotten after half a year, and those that are not never", async () => {
  await keep("a_settled_long_ago", 181, "not_ours");
  await keep("b_settled_lately", 179, "delivered");
  await keep("c_still_looked_at", 181);
  await runJobs(DAILY, env, NOW_MS);
  expect(await keptIds()).toEqual(["b_settled_lately", "c_still_looked_at"]);
  await runJobs(DAILY, env, NOW_MS);
  expect(await keptIds()).toEqual(["b_settled_lately", "c_still_looked_at"]);
});

test("a letter whose webhook was forgotten is redriven all the same", async () => {
  await keep("evt_letter", 200, "letter");
  const letterId = letterIdOf("provider-webhooks", "stripe.evt_letter");
  const store = orderStoreOf(env, "eu");
  await store.keepDeadLetters([
    {
      ...{ letterId, queue: "provider-webhooks", shopId: demo, reference: undefined },
      ...{ cause: "No sale took it.", attempts: 20, atMs: NOW_MS - 197 * DAY_MS },
      body: JSON.stringify({ provider: "stripe", eventId: "evt_letter", type: "charge.refunded" }),
    },
  ]);
  await runJobs(DAILY, env, NOW_MS);
  expect(await keptIds()).not.toContain("evt_letter");

  expect(await redrive({ env, shopId: demo }, letterId)).toMatchObject({
    letter: { state: "redriven" },
  });
  const due = await kept.due(Date.now(), 100);
  expect(due).toContainEqual(expect.objectContaining({ eventId: "evt_letter", attempts: 0 }));
});
