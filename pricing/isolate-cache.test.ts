import { expect, test } from "vitest";
import { poll } from "../test/eventually.ts";
import { IsolateCache } from "./isolate-cache.ts";

const START_MS = 1_700_000_000_000;
const FRESH_MS = 30_000;
const STALE_MS = 300_000;

/** A source that counts how often it is asked, and for what. */
function sourceOf(values: Record<string, string>) {
  const asked: (readonly string[])[] = [];
  const read = async (keys: readonly string[]) => {
    asked.push(keys);
    return new Map(keys.flatMap((key) => (values[key] ? [[key, values[key]] as const] : [])));
  };
  return { values, asked, read };
}

const untilCounted = (asked: readonly unknown[], times: number) =>
  poll(
    async () => asked.length,
    (length) => length === times,
    { withinMs: 500, gapMs: 1 },
  );

test("a fresh value is not read again", async () => {
  const cache = new IsolateCache<string>(10);
  const { asked, read } = sourceOf({ a: "one" });

  await cache.get(["a"], START_MS, read);
  const found = await cache.get(["a"], START_MS + FRESH_MS, read);

  expect(found.get("a")).toBe("one");
  expect(asked).toEqual([["a"]]);
});

test("a stale value is answered at once and read again behind it", async () => {
  const cache = new IsolateCache<string>(10);
  const { values, asked, read } = sourceOf({ a: "old" });
  await cache.get(["a"], START_MS, read);
  values.a = "new";

  const found = await cache.get(["a"], START_MS + FRESH_MS + 1, read);
  expect(found.get("a")).toBe("old");

  await untilCounted(asked, 2);
  expect((await cache.get(["a"], START_MS + FRESH_MS + 2, read)).get("a")).toBe("new");
});

test("a value too old to serve is read before the answer", async () => {
  const cache = new IsolateCache<string>(10);
  const { values, read } = sourceOf({ a: "old" });
  await cache.get(["a"], START_MS, read);
  values.a = "new";

  const found = await cache.get(["a"], START_MS + STALE_MS + 1, read);
  expect(found.get("a")).toBe("new");
});

test("all missing keys are read in one question; what is known is not asked for", async () => {
  const cache = new IsolateCache<string>(10);
  const { asked, read } = sourceOf({ a: "1", b: "2", c: "3" });
  await cache.get(["a"], START_MS, read);

  const found = await cache.get(["a", "b", "c", "d"], START_MS, read);

  expect(asked).toEqual([["a"], ["b", "c", "d"]]);
  expect([...found.keys()]).toEqual(["a", "b", "c"]);
});

test("what the source does not know is no value, and asked for again", async () => {
  const cache = new IsolateCache<string>(10);
  const { values, asked, read } = sourceOf({});
  expect((await cache.get(["a"], START_MS, read)).size).toBe(0);
  values.a = "one";
  expect((await cache.get(["a"], START_MS, read)).get("a")).toBe("one");
  expect(asked).toHaveLength(2);
});

test("what the source no longer knows is forgotten: a withdrawn key or product does not live on", async () => {
  const cache = new IsolateCache<string>(10);
  const { values, asked, read } = sourceOf({ a: "one" });
  await cache.get(["a"], START_MS, read);
  delete values.a;

  await cache.get(["a"], START_MS + FRESH_MS + 1, read);
  await untilCounted(asked, 2);
  const soon = await cache.get(["a"], START_MS + FRESH_MS + 2, read);
  expect(soon.has("a")).toBe(false);
});

test("a value too old to serve is not served when the source has lost it", async () => {
  const cache = new IsolateCache<string>(10);
  const { values, read } = sourceOf({ a: "one" });
  await cache.get(["a"], START_MS, read);
  delete values.a;

  const late = await cache.get(["a"], START_MS + STALE_MS + 1, read);
  expect(late.has("a")).toBe(false);
});

test("a refresh that fails leaves the old value; a read that must succeed throws", async () => {
  const cache = new IsolateCache<string>(10);
  const { read } = sourceOf({ a: "one" });
  await cache.get(["a"], START_MS, read);
  const broken = () => Promise.reject(new Error("D1 is away"));

  const stale = await cache.get(["a"], START_MS + FRESH_MS + 1, broken);
  expect(stale.get("a")).toBe("one");
  await expect(cache.get(["a"], START_MS + STALE_MS + 1, broken)).rejects.toThrow("D1 is away");
  await expect(cache.get(["b"], START_MS, broken)).rejects.toThrow("D1 is away");
});

test("the cache never holds more than it may", async () => {
  const cache = new IsolateCache<string>(2);
  const { asked, read } = sourceOf({ a: "1", b: "2", c: "3" });
  await cache.get(["a", "b"], START_MS, read);
  expect((await cache.get(["c"], START_MS, read)).get("c")).toBe("3");
  await cache.get(["a"], START_MS, read);
  expect(asked).toEqual([["a", "b"], ["c"], ["a"]]);
});
