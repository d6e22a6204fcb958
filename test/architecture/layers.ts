import { type Import, importsOf, isTest, type Rule, type Source } from "./sources.ts";

type Layer = {
  /** A folder with all below it, or one file. The first layer that fits a file is its own. */
  readonly of: string;
  readonly imports: readonly string[];
  /** Where only types are taken from: what an object is, never the object's code. */
  readonly types?: readonly string[];
  /** Packages it may use, where not any. */
  readonly packages?: readonly string[];
};

const objects = [
  "cart",
  "checkout",
  "customer",
  "feed",
  "inventory",
  "promotion",
  "provider-health",
  "stock-ledger",
].map((name) => `durable-objects/${name}`);

/** A sale flows left to right and never back. */
const layers: readonly Layer[] = [
  { of: "schema", imports: [], packages: ["zod", "libphonenumber-js/min"] },
  { of: "pricing", imports: ["schema"] },
  // A shop's routing is remembered as its prices are.
  { of: "payments", imports: ["schema", "pricing/isolate-cache.ts"] },
  { of: "orders", imports: ["schema"] },
  { of: "durable-objects/placement.ts", imports: ["schema"], types: objects },
  { of: "durable-objects/clock.ts", imports: ["schema"] },
  { of: "durable-objects/alarm-clock.ts", imports: ["durable-objects/clock.ts"] },
  { of: "durable-objects/tables.ts", imports: [] },
  { of: "durable-objects/recent-rows.ts", imports: [] },
  { of: "durable-objects/pseudonym.ts", imports: ["schema"] },
  { of: "durable-objects/saga", imports: ["schema/outcome.ts"], packages: [] },
  { of: "durable-objects/outbox", imports: ["schema"] },
  {
    of: "durable-objects/checkout",
    imports: ["schema", "pricing", "payments", "durable-objects"],
  },
  {
    of: "durable-objects/cart",
    // It shows prices, and asks the checkout that claimed it whether that still lives.
    imports: [
      ...["schema", "pricing"],
      ...["durable-objects/clock.ts", "durable-objects/placement.ts"],
    ],
    types: ["durable-objects/checkout"],
  },
  {
    of: "durable-objects/promotion",
    // It counts, and asks a checkout that took a use whether it still lives.
    imports: [
      ...["schema", "durable-objects/clock.ts", "durable-objects/placement.ts"],
      ...["durable-objects/alarm-clock.ts", "durable-objects/tables.ts"],
      "durable-objects/recent-rows.ts",
    ],
    types: ["durable-objects/checkout"],
  },
  {
    of: "durable-objects/inventory",
    // It asks the ledger for more pieces.
    imports: [
      ...["schema", "durable-objects/clock.ts", "durable-objects/placement.ts"],
      ...["durable-objects/alarm-clock.ts", "durable-objects/tables.ts"],
      "durable-objects/recent-rows.ts",
    ],
  },
  {
    of: "durable-objects/stock-ledger",
    // It moves pieces between shelves, by sagas.
    imports: [
      ...["schema", "durable-objects/clock.ts", "durable-objects/placement.ts"],
      ...["durable-objects/alarm-clock.ts", "durable-objects/tables.ts", "durable-objects/saga"],
    ],
  },
  {
    of: "durable-objects/feed",
    // It follows the log of orders/, and asks one thing of a checkout: whom a mail goes to.
    imports: [
      ...["schema", "orders", "durable-objects/placement.ts", "durable-objects/clock.ts"],
      ...["durable-objects/alarm-clock.ts", "durable-objects/tables.ts"],
      "durable-objects/saga/retry.ts",
    ],
  },
  { of: "durable-objects/customer", imports: ["schema", "durable-objects/clock.ts"] },
  {
    of: "durable-objects/provider-health",
    // It reads in its own name whose region it is.
    imports: [
      ...["schema", "payments", "durable-objects/clock.ts", "durable-objects/tables.ts"],
      "durable-objects/placement.ts",
    ],
  },
  { of: "workers/index.ts", imports: ["workers", "durable-objects"] },
  {
    of: "workers/edge",
    // The shelf is shown from the catalogue; callers' keys are remembered as prices are. An operator
    // runs a job by hand.
    imports: [
      ...["schema", "orders", "payments", "pricing", "workers/jobs"],
      ...["durable-objects/placement.ts", "durable-objects/pseudonym.ts"],
    ],
    types: objects,
  },
  {
    of: "workers/consumers",
    imports: ["schema", "orders", "durable-objects/placement.ts"],
    types: objects,
  },
  {
    of: "workers/jobs",
    imports: ["schema", "orders", "payments", "durable-objects/placement.ts"],
    types: objects,
  },
  { of: "workers/simulators", imports: ["schema"] },
  // Built for browsers: it knows the API by its types and its addresses.
  { of: "workers/storefront", imports: ["schema"] },
  { of: "scripts", imports: ["schema", "pricing", "test/audit"] },
  // A Worker of its own around the product's inventory.
  { of: "bench/stock", imports: ["schema", "durable-objects"] },
  { of: "bench", imports: ["schema", "pricing", "scripts", "test"] },
];

export const layering: Rule = {
  name: "a folder imports only what lies left of it",
  check: (sources) =>
    sources.filter(({ path }) => !isTest(path)).flatMap((source) => strayImports(source)),
  planted: [
    plant("schema/cart.ts", 'import { quote } from "../pricing/quote.ts";'),
    plant("schema/cart.ts", 'import { Hono } from "hono";'),
    plant("durable-objects/saga/run.ts", 'import type { Money } from "../../schema/money.ts";'),
    plant("durable-objects/saga/run.ts", 'import * as z from "zod";'),
    plant(
      "durable-objects/checkout/x.ts",
      'import { store } from "../../orders/region-order-store.ts";',
    ),
    plant("durable-objects/cart/x.ts", 'export { hold } from "../inventory/inventory.ts";'),
    plant(
      "workers/edge/x.ts",
      'import { pay } from "../../durable-objects/checkout/paying/pay.saga.ts";',
    ),
    plant("workers/simulators/x.ts", 'const x = await import("../../payments/provider.ts");'),
    plant("workers/simulators/x.ts", 'import type {\n  A,\n} from "../../payments/provider.ts";'),
    plant("orders/x.ts", 'import { stage } from "./testing/stage.ts";'),
    plant("orders/x.ts", 'import "../test/eventually.ts";'),
    plant("cron/x.ts", 'import { quote } from "../pricing/quote.ts";'),
  ],
};

function strayImports(source: Source): string[] {
  const { path } = source;
  if (within(path, "test") || !path.includes("/")) return []; // tests see everything
  const layer = layers.find(({ of }) => within(path, of));
  if (!layer) return [`${path} lies in no layer of test/architecture/layers.ts`];
  return importsOf(source)
    .filter((each) => !mayImport(layer, each))
    .map(({ from }) => `${path} imports ${from}`);
}

function mayImport(layer: Layer, { from, typeOnly }: Import): boolean {
  const isOurs = /\.(tsx?|json)$/.test(from);
  if (isTest(from)) return false;
  if (!isOurs) return layer.packages?.includes(from) ?? true;
  if (within(from, layer.of)) return true;
  if (typeOnly && layer.types?.some((folder) => within(from, folder))) return true;
  return layer.imports.some((folder) => within(from, folder));
}

export const objectsAreCalled: Rule = {
  name: "an object is called, not imported: only the Worker's entry point exports its class",
  check: (sources) =>
    sources
      .filter(({ path }) => path !== "workers/index.ts" && !isTest(path) && !within(path, "test"))
      .flatMap((source) =>
        importsOf(source)
          .filter(({ from, typeOnly }) => from.endsWith(".object.ts") && !typeOnly)
          .filter(({ from }) => !within(from, "workers/simulators"))
          .filter(() => source.path !== "bench/stock/worker.ts")
          .map(({ from }) => `${source.path} imports ${from}`),
      ),
  planted: [
    plant(
      "durable-objects/checkout/x.ts",
      'import { CheckoutObject } from "./checkout.object.ts";',
    ),
  ],
};

function within(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`);
}

function plant(path: string, text: string): Source {
  return { path, text };
}
