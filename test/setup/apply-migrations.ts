import { applyD1Migrations, type D1Migration } from "cloudflare:test";
import { env as bindings } from "cloudflare:workers";
import { regionCodes, regions } from "../../schema/regions.ts";
import { seedCatalogue } from "../../scripts/seed/seed.ts";

/** What vitest.config.ts adds to the product's bindings. */
const env = bindings as Env & {
  CATALOG_MIGRATIONS: D1Migration[];
  ORDERS_MIGRATIONS: D1Migration[];
};

// The workerd project's set-up: each test file finds its own stores, migrated, and the seeded shop.
await applyD1Migrations(env.CATALOG, env.CATALOG_MIGRATIONS);
await seedCatalogue(env.CATALOG);
for (const code of regionCodes) {
  await applyD1Migrations(env[regions[code].bindings.orders], env.ORDERS_MIGRATIONS);
}
