import { availableParallelism } from "node:os";
import { join } from "node:path";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";
import { buildAssets } from "./scripts/building/assets.ts";
import { localKeys } from "./scripts/machine/local-keys.ts";
import { fakeStripe } from "./test/setup/fake-stripe.ts";
import { postgresPort } from "./test/setup/postgres-server.ts";

// The Worker's configuration names their folder: it has to be there.
await buildAssets();
const postgresServer = `postgres://postgres:local@127.0.0.1:${await postgresPort()}`;
const miniflareBindings = {
  ...localKeys,
  STRIPE_API_BASE: "http://stripe.test",
  ADYEN_API_BASE: "http://adyen.test",
  CATALOG_MIGRATIONS: await readD1Migrations("migrations/catalog"),
  ORDERS_MIGRATIONS: await readD1Migrations("migrations/orders"),
};

/** Files of these projects compute: one for each processor. vitest alone would leave one idle. */
const computing = { maxWorkers: availableParallelism() };
/**
 * Stories wait, for servers to start and time-outs to pass: three at a time keep two processors busy. Each
 * file has servers, ports and folders of its own. Within a group vitest knows one number of workers.
 */
const waiting = { maxWorkers: 3, sequence: { groupOrder: 1 } };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          ...computing,
          include: [
            "{schema,pricing,payments,orders,scripts}/**/*.test.ts",
            "durable-objects/saga/**/*.test.ts",
            "workers/edge/gate/card-*.test.ts",
            "test/*.test.ts",
            "test/audit/*.test.ts",
          ],
          exclude: ["**/*.{workerd,hyperdrive,postgres}.test.ts"],
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              // Everything that the objects fetch ends here.
              outboundService: fakeStripe(),
              bindings: {
                ...miniflareBindings,
                FUZZ_CASES: process.env.FUZZ_CASES ?? "5000",
                FUZZ_SEED: process.env.FUZZ_SEED ?? "16",
              },
            },
          }),
        ],
        test: {
          name: "workerd",
          ...computing,
          include: [
            "**/*.workerd.test.ts",
            "durable-objects/{cart,checkout,feed,inventory,outbox,promotion,provider-health,stock-ledger}/**/*.test.ts",
            "workers/{edge,consumers,jobs}/**/*.test.ts",
          ],
          exclude: [
            ...["node_modules/**", "workers/simulators/**", "workers/edge/gate/card-*.test.ts"],
            "**/*.hyperdrive.test.ts",
          ],
          setupFiles: ["./test/setup/apply-migrations.ts"],
          // Nothing here waits for long; a machine that does other work besides is slow.
          testTimeout: 30_000,
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              bindings: {
                ...miniflareBindings,
                MESSAGES: process.env.MESSAGES ?? "1000",
                ORDERS: process.env.ORDERS ?? "20000",
                ORDER_STORE_US: "postgres",
              },
              hyperdrives: {
                POSTGRES_EU: `${postgresServer}/eu`,
                POSTGRES_US: `${postgresServer}/us`,
                POSTGRES_SAM: `${postgresServer}/sam`,
              },
            },
          }),
        ],
        test: {
          name: "hyperdrive",
          include: ["**/*.hyperdrive.test.ts"],
          globalSetup: ["./test/setup/postgres-server.ts"],
          setupFiles: ["./test/setup/apply-migrations.ts"],
          testTimeout: 60_000,
          // The files share the server.
          fileParallelism: false,
        },
      },
      {
        // The product, counting what it does.
        plugins: [
          cloudflareTest({
            main: "./test/counting/worker.ts",
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: { outboundService: fakeStripe(), bindings: miniflareBindings },
          }),
        ],
        test: {
          name: "guards",
          include: ["test/guards/*.test.ts"],
          setupFiles: ["./test/setup/apply-migrations.ts"],
          testTimeout: 30_000,
        },
      },
      {
        plugins: [
          cloudflareTest({ wrangler: { configPath: "./workers/simulators/wrangler.toml" } }),
        ],
        test: { name: "simulators", ...computing, include: ["workers/simulators/**/*.test.ts"] },
      },
      {
        test: { name: "faults", ...computing, include: ["test/faults/**/*.test.ts"] },
      },
      {
        // The objects themselves, without their server.
        resolve: {
          alias: [
            {
              find: /^cloudflare:(workers|sockets)$/,
              replacement: join(import.meta.dirname, "test/model/platform/cloudflare.ts"),
            },
          ],
        },
        test: {
          name: "model",
          ...computing,
          include: ["test/model/*.test.ts"],
          testTimeout: 900_000,
        },
      },
      {
        test: {
          name: "stories",
          include: ["test/stories/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          ...waiting,
        },
      },
      {
        test: {
          name: "browser",
          include: ["test/browser/*.test.ts"],
          testTimeout: 90_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "kills",
          include: ["test/kills/*.test.ts"],
          testTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
