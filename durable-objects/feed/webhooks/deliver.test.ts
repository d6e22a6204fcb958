import { Webhook } from "standardwebhooks";
import { expect, test, vi } from "vitest";
import { lifeOf, orderOf } from "../../../orders/testing/order-fixtures.ts";
import { ShopId } from "../../../schema/ids.ts";
import { EndpointId } from "../../../schema/webhook-endpoints.ts";
import { deliver } from "./deliver.ts";

const secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD7Z0pXk3v8Qw=";
const endpoint = {
  endpointId: EndpointId.parse(`whe_${"0".repeat(32)}`),
  shopId: ShopId.parse("demo"),
  url: "https://shop.example/hooks/tender",
  version: 1,
  secrets: [{ secret }],
  createdAtMs: 0,
  isRemoved: false,
};

test("a delivery is a CloudEvent in structured mode, to the byte", async () => {
  const fetched = vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response("thanks"));
  const nowMs = Date.now();
  const env = { RESIDENCY: "simulated", WEBHOOK_TARGETS_LOCAL: "" };
  for (const event of lifeOf(orderOf())) {
    await deliver({ endpoint, event, nthTry: 1, env, nowMs: () => nowMs });
    const { headers, body } = fetched.mock.lastCall?.[1] ?? {};
    const { sequence } = event;
    const stored = JSON.stringify(event);
    expect(body).toBe(
      stored.replace(`"sequence":${sequence},`, `"sequence":"000000000${sequence}",`),
    );
    expect(headers).toEqual({
      "content-type": "application/cloudevents+json",
      "user-agent": "Tender-Webhooks/1",
      "webhook-id": event.id,
      "webhook-timestamp": String(Math.floor(nowMs / 1000)),
      "webhook-signature": new Webhook(secret).sign(event.id, new Date(nowMs), String(body)),
    });
    // What CloudEvents asks of attributes: their names, and strings where its extension wants one.
    const { data, ...attributes } = JSON.parse(String(body));
    for (const [name, value] of Object.entries(attributes)) {
      expect(name).toMatch(/^[a-z0-9]{1,20}$/);
      expect(value).toBeTypeOf("string");
    }
    expect(data).toEqual(event.data);
  }
  expect(fetched).toHaveBeenCalledTimes(3);
  vi.restoreAllMocks();
});
