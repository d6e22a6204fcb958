import { exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import { shopKeys } from "../../../../scripts/machine/local-keys.ts";

type Answer = { readonly http: number } & Record<string, unknown>;

async function call(method: string, path: string, body?: object, key: string = shopKeys.operator) {
  const headers = {
    ...{ authorization: `Bearer ${key}`, "content-type": "application/json" },
    "idempotency-key": crypto.randomUUID(),
  };
  const init = { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) };
  const response = await exports.default.fetch(new Request(`https://tender.test/v1${path}`, init));
  const json = (await response.json()) as Record<string, unknown>;
  return { ...json, http: response.status } as Answer;
}

const terms = { kind: "terms", title: "Terms", url: "https://shop.example/terms" };
const operator = {
  ...{ name: "Kilnworks", postalAddress: "Stoke" },
  electronicAddress: "safety@kilnworks.example",
};

test("a shop's notices replace those of before, and are read as they stand", async () => {
  const guarantee = {
    ...{ kind: "legal_guarantee", title: "Legal guarantee", text: "Two years." },
    ...{ countries: ["DE", "FR"], from: "2026-09-27T00:00" },
  };
  const notices = [guarantee, terms];

  expect(await call("PUT", "/ops/catalogue/notices", { notices })).toEqual({ http: 200, notices });
  expect(await call("GET", "/ops/catalogue/notices")).toEqual({ http: 200, notices });
  await call("PUT", "/ops/catalogue/notices", { notices: [terms] });
  expect(await call("GET", "/ops/catalogue/notices")).toEqual({ http: 200, notices: [terms] });
});

test("a notice whose end on the wall is before its moment of beginning is refused by the shop's clock", async () => {
  // Berlin's midnight is 23:00 in UTC.
  const odd = { ...terms, from: "2026-11-30T23:30:00Z", until: "2026-12-01T00:15" };
  expect(await call("PUT", "/ops/catalogue/notices", { notices: [odd] })).toMatchObject({
    ...{ http: 400, code: "invalid_request" },
    issues: ["Terms: a notice ends after it began"],
  });
});

test("where each region's goods are sent from is stored as a whole", async () => {
  const before = await call("GET", "/ops/catalogue/ships-from");
  expect(before).toEqual({ http: 200, shipsFrom: { us: "US", apac: "JP", sam: "BR" } });

  const shipsFrom = { us: "CA" };
  expect(await call("PUT", "/ops/catalogue/ships-from", { shipsFrom })).toEqual({
    ...{ http: 200, shipsFrom },
  });
  const odd = await call("PUT", "/ops/catalogue/ships-from", { shipsFrom: { moon: "US" } });
  expect(odd).toMatchObject({ http: 400, code: "invalid_request" });
  await call("PUT", "/ops/catalogue/ships-from", { shipsFrom: before.shipsFrom as object });
});

test("shoppers cannot change what the shop tells", async () => {
  const shopper = shopKeys.publishable;
  const answer = await call("PUT", "/ops/catalogue/notices", { notices: [] }, shopper);
  expect(answer).toMatchObject({ http: 403 });
});

test("a product's facts that are left out stay, and null takes one away", async () => {
  const at = "/ops/catalogue/products/teapot";
  const facts = { manufacturer: operator, warnings: "Hot.", tariffCode: "6912.00 23" };
  const stored = { manufacturer: operator, warnings: "Hot.", tariffCode: "69120023" };

  expect(await call("PUT", at, { name: "Teapot", facts })).toMatchObject({ facts: stored });
  expect(await call("PUT", at, { name: "Tea pot" })).toMatchObject({ facts: stored });
  const { warnings: _gone, ...left } = stored;
  const change = { warnings: null, originCountry: "GB" };
  expect((await call("PUT", at, { name: "Teapot", facts: change })).facts).toEqual({
    ...{ ...left, originCountry: "GB" },
  });
  const nothing = { manufacturer: null, tariffCode: null, originCountry: null };
  expect(await call("PUT", at, { name: "Teapot", facts: nothing })).not.toHaveProperty("facts");
  const fresh = { name: "Cosy", facts: { warnings: null, tariffCode: "630790" } };
  expect((await call("PUT", "/ops/catalogue/products/cosy", fresh)).facts).toEqual({
    tariffCode: "630790",
  });
});

test("a manufacturer without an address, or a code of seven digits, is refused with its field", async () => {
  const { electronicAddress: _gone, ...without } = operator;
  const put = (facts: object) =>
    call("PUT", "/ops/catalogue/products/teapot", { name: "Teapot", facts });
  for (const facts of [{ manufacturer: without }, { tariffCode: "6912002" }]) {
    const [key] = Object.keys(facts);
    const answer = await put(facts);
    expect(answer).toMatchObject({ http: 400, code: "invalid_request" });
    expect(JSON.stringify(answer.issues)).toContain(`facts.${key}`);
  }
});

test("a storefront reads what stands beside the price, and whether a customs border is crossed", async () => {
  const list = (country: string, currency: string) =>
    call(
      "GET",
      `/products?currency=${currency}&country=${country}`,
      undefined,
      shopKeys.publishable,
    );

  const home = await list("DE", "EUR");
  expect(home.crossesBorder).toBe(false);
  expect(home.products).toContainEqual(
    expect.objectContaining({
      sku: "lamp",
      facts: expect.objectContaining({
        tariffCode: "94052190",
        warnings: expect.stringContaining("Mains voltage"),
        manufacturer: expect.objectContaining({ name: "Small Hours GmbH" }),
      }),
    }),
  );
  expect(await list("GB", "GBP")).toMatchObject({ crossesBorder: true });
  expect(await list("US", "USD")).toMatchObject({ crossesBorder: false });
});
