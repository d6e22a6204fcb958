import { exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import { shopKeys } from "../../scripts/machine/local-keys.ts";
import { Problem } from "./gate/problem.ts";

const JSON_TYPE = "application/json";

/** A cart's create with this body, and what it is refused with. */
async function refused(body: BodyInit, more: Record<string, string> = {}) {
  const headers = new Headers({
    ...{ authorization: `Bearer ${shopKeys.publishable}`, "content-type": JSON_TYPE },
    ...{ "idempotency-key": crypto.randomUUID(), ...more },
  });
  const request = new Request("https://tender.test/v1/carts", { method: "POST", headers, body });
  const response = await exports.default.fetch(request);
  const text = await response.text();
  const document = Problem.loose().parse(JSON.parse(text));
  return { status: response.status, text, code: document.code, issues: document.issues };
}

test.each([
  ["a text with half a character", '{"note":"\\ud800"}'],
  ["a text with U+0000", '{"note":"a\\u0000"}'],
  ["a name with U+0000", '{"a\\u0000":1}'],
  ["a field called __proto__", '{"__proto__":{"isMerchant":true}}'],
  ["members without end", JSON.stringify(Array.from({ length: 10_001 }, () => 0))],
  ["levels without end", `${"[".repeat(40)}${"]".repeat(40)}`],
])("a body with %s is refused and told why", async (_name, body) => {
  const { status, code, issues } = await refused(body);
  expect({ status, code }).toEqual({ status: 400, code: "invalid_request" });
  const why = /^(a text holds|a field is|it has more|it is nested)/;
  expect(issues).toEqual([expect.stringMatching(why)]);
});

test("a body that is no UTF-8 is refused, not mended", async () => {
  const latin1 = new Uint8Array([...Buffer.from('{"currency":"E'), 0xfc, ...Buffer.from('"}')]);
  expect(await refused(latin1)).toMatchObject({ status: 400, code: "malformed_json" });
});

test("an empty body of another type is told to be JSON", async () => {
  const form = { "content-type": "application/x-www-form-urlencoded" };
  expect(await refused("", form)).toMatchObject({ status: 415, code: "json_expected" });
});

test("a refusal does not send back all that was sent", async () => {
  const many = Array.from({ length: 500 }, (_, at) => [`${"x".repeat(90)}${at}`, 1]);
  const { code, text } = await refused(JSON.stringify(Object.fromEntries(many)));
  expect(code).toBe("invalid_request");
  expect(text.length).toBeLessThan(2_000);
});

test.each(["authorization", "idempotency-key", "checkout-secret", "if-match", "order-bookmark"])(
  "a header longer than anything it could say is refused: %s",
  async (name) => {
    const answer = { status: 431, code: "header_too_large" };
    expect(await refused("{}", { [name]: "x".repeat(1_025) })).toMatchObject(answer);
  },
);

test("a day that no provider has books of is refused before one is asked", async () => {
  const headers = { authorization: `Bearer ${shopKeys.operator}`, "content-type": JSON_TYPE };
  const body = JSON.stringify({ day: "0091-10-11", provider: "stripe" });
  const url = "https://tender.test/v1/ops/reconciliation";
  const answer = await exports.default.fetch(new Request(url, { method: "POST", headers, body }));
  expect(answer.status).toBe(400);
});
