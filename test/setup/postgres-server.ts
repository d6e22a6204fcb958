import { freePort } from "../../scripts/machine/platform.ts";
import { migratePostgres } from "../../scripts/migrate-postgres.ts";
import { startPostgres } from "../../scripts/stack/local-postgres.ts";

/** Where the postgres project's one server listens: known before it starts, for its bindings. */
export const POSTGRES_PORT = "TENDER_TEST_POSTGRES_PORT";

export async function postgresPort(): Promise<number> {
  process.env[POSTGRES_PORT] ??= String(await freePort());
  return Number(process.env[POSTGRES_PORT]);
}

/** vitest's global set-up of the project: a server for its files, gone after them. */
export default async function setUp(): Promise<() => Promise<void>> {
  const server = await startPostgres({ port: await postgresPort() });
  for (const region of ["eu", "us", "sam"]) await migratePostgres(server.url(region));
  return server.stop;
}
