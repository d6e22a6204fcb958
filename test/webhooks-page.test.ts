import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const page = readFileSync("docs/webhooks.md", "utf8");

test("the vector on the page is what the page's own words compute", () => {
  const vector = JSON.parse(/```json\n([\s\S]+?)```/.exec(page)?.[1] ?? "{}");
  const key = Buffer.from(vector.secret.replace("whsec_", ""), "base64");
  const signed = `${vector["webhook-id"]}.${vector["webhook-timestamp"]}.${vector.body}`;
  const signature = createHmac("sha256", key).update(signed).digest("base64");
  expect(vector["webhook-signature"]).toBe(`v1,${signature}`);
});
