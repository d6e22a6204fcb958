import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";
import { expect, test, vi } from "vitest";

const page = readFileSync("docs/webhooks.md", "utf8");
const vector = JSON.parse(/```json\n([\s\S]+?)```/.exec(page)?.[1] ?? "{}");

test("the vector on the page is what the page's own words compute", () => {
  const key = Buffer.from(vector.secret.replace("whsec_", ""), "base64");
  const signed = `${vector["webhook-id"]}.${vector["webhook-timestamp"]}.${vector.body}`;
  const signature = createHmac("sha256", key).update(signed).digest("base64");
  expect(vector["webhook-signature"]).toBe(`v1,${signature}`);
});

test("the example on the page takes a signed delivery whose headers are Fetch's, and no other", async () => {
  const example = /```js\n([\s\S]+?)```/.exec(page)?.[1] ?? "";
  const script = example.replace(/^import .*$/m, "").replace("export async", "return async");
  const environment = { env: { TENDER_SECRET: vector.secret } };
  const log = vi.fn();
  const receive = new Function("Webhook", "process", "console", script)(
    ...[Webhook, environment, { log }],
  ) as (request: Request) => Promise<Response>;
  vi.setSystemTime(Number(vector["webhook-timestamp"]) * 1000);
  const delivery = (body: string) =>
    new Request("https://shop.example/hooks/tender", {
      method: "POST",
      headers: {
        "Content-Type": "application/cloudevents+json",
        "Webhook-Id": vector["webhook-id"],
        "Webhook-Timestamp": vector["webhook-timestamp"],
        "Webhook-Signature": vector["webhook-signature"],
      },
      body,
    });

  expect((await receive(delivery(vector.body))).status).toBe(204);
  const { type, subject, sequence } = JSON.parse(vector.body);
  expect(log).toHaveBeenCalledWith(type, subject, Number(sequence));
  await expect(receive(delivery(`${vector.body} `))).rejects.toThrow(/signature/);
  vi.useRealTimers();
});
