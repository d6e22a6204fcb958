import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterAll, expect, test } from "vitest";
import { bundle } from "../../scripts/building/bundle.ts";

// The pool that other tests run in allows eval; what is deployed does not.
const worker = {
  name: "tender-flag-specification",
  config: "test/flag-specification/wrangler.toml",
  folders: ["schema", "pricing", "test/flag-specification"],
};
const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    name: worker.name,
    modules: await bundle(worker),
    compatibilityDate: "2026-10-20",
    compatibilityFlags: ["nodejs_compat"],
  }),
);
afterAll(() => miniflare.dispose());

test("Unleash's client specification passes on the runtime itself, built as it is deployed", async () => {
  const response = await miniflare.dispatchFetch("http://specification.test");

  expect(await response.json()).toEqual({ cases: 279, files: 22, failed: [] });
});
