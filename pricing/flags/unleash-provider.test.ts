import { OpenFeature } from "@openfeature/server-sdk";
import { expect, test } from "vitest";
import { readDefinitions } from "./flag-definitions.ts";
import { UnleashProvider } from "./unleash-provider.ts";

/** A flag whose one variant carries this. */
const withPayload = (name: string, value: string) => ({
  ...{ name, enabled: true, strategies: [{ name: "default" }] },
  variants: [{ name: "only", weight: 1000, payload: { type: "string", value } }],
});
const features = [
  withPayload("number", "12.5"),
  withPayload("object", '{"steps":[1,2]}'),
  withPayload("text", "plain"),
  withPayload("blank", " "),
  { name: "bare", enabled: true, strategies: [] },
];

async function client(domain: string) {
  const definitions = readDefinitions(JSON.stringify({ version: 2, features }));
  await OpenFeature.setProviderAndWait(domain, new UnleashProvider(definitions));
  return OpenFeature.getClient(domain);
}

test("a variant's payload is read as what the flag is asked for as", async () => {
  const flags = await client("payloads");
  expect(await flags.getStringValue("text", "-")).toBe("plain");
  expect(await flags.getNumberValue("number", 0)).toBe(12.5);
  expect(await flags.getObjectValue("object", {})).toEqual({ steps: [1, 2] });
  expect(await flags.getBooleanDetails("text", false)).toMatchObject({
    ...{ value: true, variant: "only" },
  });
});

test("what cannot be read so is the caller's own value, and is told as a wrong type", async () => {
  const flags = await client("wrong-types");
  const wrong = { errorCode: "TYPE_MISMATCH" };
  expect(await flags.getNumberDetails("text", 7)).toMatchObject({ value: 7, ...wrong });
  expect(await flags.getNumberDetails("blank", 7)).toMatchObject({ value: 7, ...wrong });
  expect(await flags.getObjectDetails("text", { a: 1 })).toMatchObject({
    value: { a: 1 },
    ...wrong,
  });
});

test("a flag without a payload, or without a name here, is the caller's own value", async () => {
  const flags = await client("absent");
  expect(await flags.getStringDetails("bare", "-")).toMatchObject({ value: "-" });
  const unknown = { errorCode: "FLAG_NOT_FOUND" };
  expect(await flags.getBooleanDetails("nobody", true)).toMatchObject({ value: true, ...unknown });
  expect(await flags.getStringDetails("nobody", "-")).toMatchObject({ value: "-", ...unknown });
});
