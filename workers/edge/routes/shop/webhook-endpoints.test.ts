import { exports } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { EndpointView } from "../../../../schema/webhook-endpoints.ts";
import { shopKeys } from "../../../../scripts/machine/local-keys.ts";
import { FeedObject } from "../../../index.ts";

async function call(
  method: string,
  path: string,
  body?: unknown,
  apiKey: string = shopKeys.secret,
) {
  const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const url = `https://tender.test/v1/webhook-endpoints${path}`;
  const response = await exports.default.fetch(new Request(url, init));
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const url = "https://shop.example/hooks";

afterEach(() => vi.restoreAllMocks());

test("a registration that reached some regions alone is finished by the same call, with the same secret", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  vi.spyOn(FeedObject.prototype, "copy").mockRejectedValueOnce(new Error("that region is away"));
  expect((await call("POST", "", { url })).status).toBe(500);
  const again = EndpointView.parse((await call("POST", "", { url })).body);
  const { endpointId, secrets } = again;
  const read = EndpointView.parse((await call("GET", `/${endpointId}`)).body);
  expect(read.regions?.map(({ region, state }) => `${region} ${state}`)).toEqual([
    ...["eu running", "us running", "apac running", "sam running"],
  ]);
  expect(read.secrets).toEqual(secrets);

  const changed = await call("POST", "", { url, types: ["tender.order.placed.v1"] });
  expect(EndpointView.parse(changed.body)).toMatchObject({
    endpointId,
    secrets,
    types: ["tender.order.placed.v1"],
  });
  expect((await call("GET", "")).body.endpoints).toHaveLength(1);
});

test("an endpoint is rotated, enabled and removed in every region; nobody else's key opens it", async () => {
  const { endpointId, secrets } = EndpointView.parse(
    (await call("POST", "", { url: `${url}/2` })).body,
  );
  const rotated = EndpointView.parse((await call("POST", `/${endpointId}/rotate`)).body);
  expect(rotated.secrets[1]).toMatchObject({
    secret: secrets[0]?.secret,
    expiresAt: expect.any(String),
  });
  expect((await call("POST", `/${endpointId}/enable`)).body).toMatchObject({ endpointId });
  const tries = await call("GET", `/${endpointId}/deliveries?region=sam`);
  expect(tries).toEqual({ status: 200, body: { deliveries: [] } });
  expect((await call("GET", `/${endpointId}`, undefined, shopKeys.publishable)).status).toBe(403);
  for (let time = 0; time < 2; time++) {
    expect(await call("DELETE", `/${endpointId}`)).toEqual({
      status: 200,
      body: { removed: true },
    });
  }
  for (const path of ["", "/deliveries?region=us"]) {
    expect((await call("GET", `/${endpointId}${path}`)).status, path).toBe(404);
  }
  for (const act of ["rotate", "enable"]) {
    expect((await call("POST", `/${endpointId}/${act}`)).status, act).toBe(404);
  }
  const replay = { region: "us", afterOffset: 0 };
  expect((await call("POST", `/${endpointId}/replay`, replay)).status).toBe(404);
});

test("what is no endpoint is refused", async () => {
  const inner = await call("POST", "", { url: "https://10.0.0.1/" });
  expect(inner).toMatchObject({ status: 400, body: { code: "webhook_target_refused" } });
  expect((await call("POST", "", { url: "mailto:ada@example.com" })).status).toBe(400);
  expect((await call("GET", "/whe_1")).status).toBe(400);
  expect((await call("GET", `/whe_${"0".repeat(32)}`)).status).toBe(404);
});
