import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { D1FlagCopy } from "./flag-copy.ts";

const NOW_MS = 1_700_000_000_000;
const definitions = (name: string) => JSON.stringify({ version: 2, features: [{ name }] });

test("what one isolate keeps, the next one of its region and source reads", async () => {
  const [old, next] = [definitions("old"), definitions("new")];
  const copy = () => new D1FlagCopy(env.CATALOG, "eu", "a-source");
  expect(await copy().read()).toBeUndefined();

  await copy().keep({ etag: "1", text: old }, NOW_MS);
  expect(await copy().read()).toEqual({ etag: "1", text: old });
  await copy().keep({ etag: "2", text: next }, NOW_MS);
  expect(await copy().read()).toEqual({ etag: "2", text: next });

  expect(await new D1FlagCopy(env.CATALOG, "us", "a-source").read()).toBeUndefined();
  expect(await new D1FlagCopy(env.CATALOG, "eu", "another").read()).toBeUndefined();
});
