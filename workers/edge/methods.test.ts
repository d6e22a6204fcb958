import { exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import { shopKeys } from "../../scripts/machine/local-keys.ts";
import { app } from "./app.ts";
import { Problem } from "./gate/problem.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "PROPFIND"];
const values: Readonly<Record<string, string>> = {
  ...{
    cartId: "crt_eu_00000000000000000000000000",
    sku: "mug",
    endpointId: `whe_${"0".repeat(32)}`,
  },
  ...{ checkoutId: "chk_eu_00000000000000000000000000", letterId: "events-eu-dlq.none" },
  orderId: "ord_eu_00000000000000000000000000",
};

/** Each path that is called at all, filled in, with the methods that some route of its form has. */
const paths = new Map<string, Set<string>>();
for (const { method, path } of app.routes) {
  if (method === "ALL") continue;
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => values[name] ?? "eu");
  paths.set(filled, (paths.get(filled) ?? new Set()).add(method));
}

async function call(method: string, path: string, more: Record<string, string> = {}) {
  const headers = { ...more };
  const response = await exports.default.fetch(
    new Request(`https://tender.test${path}`, { method, headers, redirect: "manual" }),
  );
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const listed = (header: string | null) => (header ?? "").split(", ").toSorted();

test.each([...paths])("%s is called with its own methods and says which", async (path, own) => {
  const { status, headers } = await call("OPTIONS", path);
  expect(status).toBe(204);
  const allow = listed(headers.get("allow"));
  expect(allow).toEqual(expect.arrayContaining([...own, "OPTIONS"]));
  expect(allow.includes("HEAD")).toBe(allow.includes("GET"));

  for (const method of METHODS.filter((each) => !allow.includes(each))) {
    const answer = await call(method, path);
    expect(answer.status, method).toBe(405);
    expect(listed(answer.headers.get("allow")), method).toEqual(allow);
    if (method === "HEAD") continue;
    const document = Problem.parse(JSON.parse(answer.text));
    expect(document).toMatchObject({ code: "method_not_allowed", then: "use_allowed_method" });
  }
});

test("a browser is told which methods it may use, and may read why not", async () => {
  const preflight = { origin: "https://shop.example", "access-control-request-method": "DELETE" };
  const { headers } = await call("OPTIONS", "/v1/carts", preflight);
  expect(headers.get("access-control-allow-methods")).toBe("GET,POST,HEAD,OPTIONS");
  const refused = await call("DELETE", "/v1/carts", { origin: "https://shop.example" });
  expect(refused.headers.get("access-control-allow-origin")).toBe("*");
});

test.each(["GET", "POST", "OPTIONS", "PROPFIND"])(
  "a path that there is not stays 404: %s",
  async (method) => {
    for (const path of ["/v1/nothing", "/nothing", "/v1/webhooks/nobody"]) {
      expect((await call(method, path)).status).toBe(404);
    }
  },
);

test("HEAD answers as GET does, without its body, and a watched sale is not followed for it", async () => {
  const authorization = `Bearer ${shopKeys.publishable}`;
  const path = "/v1/products?currency=EUR&country=DE";
  const [get, head] = [
    await call("GET", path, { authorization }),
    await call("HEAD", path, { authorization }),
  ];
  expect(head.status).toBe(get.status);
  expect(head.text).toBe("");
  expect(head.headers.get("content-type")).toBe(get.headers.get("content-type"));
  expect((await call("HEAD", "/v1/carts/nonsense", { authorization })).status).toBe(400);
});

test("every answer is what its type says, in nobody's frame, and in no cache unless it says so", async () => {
  const some: [string, string][] = [
    ["GET", "/nothing"],
    ["GET", "/v1/orders"],
    ["OPTIONS", "/v1/carts"],
  ];
  for (const [method, path] of [
    ...[...paths.keys()].map((path): [string, string] => ["GET", path]),
    ...some,
  ]) {
    const { headers } = await call(method, path, { authorization: `Bearer ${shopKeys.operator}` });
    expect(headers.get("x-content-type-options"), path).toBe("nosniff");
    expect(headers.get("x-frame-options"), path).toBe("DENY");
    expect(headers.get("strict-transport-security"), path).toMatch(/^max-age=\d{8}$/);
    expect(headers.get("referrer-policy"), path).toBe("no-referrer");
    expect(headers.get("content-security-policy"), path).toContain("frame-ancestors 'none'");
    expect(headers.get("cache-control"), path).toMatch(/no-store|private/);
  }
});
