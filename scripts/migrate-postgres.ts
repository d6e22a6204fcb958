import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { root } from "./machine/platform.ts";

const FOLDER = "migrations/orders-postgres";
const LOCK = 7_348_201; // any number that only migrations use: two at once wait for each other

/**
 * Makes the database where it is missing and applies what is missing in it, a file at a time, each
 * in one transaction with its own mark. Answers the names of what it applied.
 */
export async function migratePostgres(url: string): Promise<readonly string[]> {
  await createDatabase(url);
  return connected(url, async (client) => {
    await client.query("SELECT pg_advisory_lock($1)", [LOCK]);
    await client.query(
      `CREATE TABLE IF NOT EXISTS migrations (
         name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`,
    );
    const { rows } = await client.query<{ name: string }>("SELECT name FROM migrations");
    const applied = new Set(rows.map(({ name }) => name));
    const files = (await readdir(join(root, FOLDER))).filter((name) => name.endsWith(".sql"));
    const missing = files.sort().filter((name) => !applied.has(name));
    for (const name of missing) await apply(client, name);
    return missing;
  });
}

async function apply(client: pg.Client, name: string): Promise<void> {
  const statements = await readFile(join(root, FOLDER, name), "utf8");
  await client.query("BEGIN");
  await client.query(statements);
  await client.query("INSERT INTO migrations (name) VALUES ($1)", [name]);
  await client.query("COMMIT"); // a failure before it closes the connection, which takes all back
}

async function createDatabase(url: string): Promise<void> {
  const server = new URL(url);
  const name = decodeURIComponent(server.pathname.slice(1));
  if (name === "") throw new Error(`The URL names no database: ${server.host}`);
  const exists = await connected(url, async () => true).catch((error: unknown) => {
    if (isMissing(error)) return false;
    throw error;
  });
  if (exists) return;
  server.pathname = "/postgres";
  await connected(server.href, (client) =>
    client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`),
  );
}

/** Source: https://www.postgresql.org/docs/18/errcodes-appendix.html */
function isMissing(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === "3D000"; // invalid_catalog_name
}

export async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

// `npm run migrate:postgres -- postgres://…`
if (import.meta.main) {
  const [url] = process.argv.slice(2);
  if (!url || !URL.canParse(url)) {
    console.error("npm run migrate:postgres -- postgres://user:password@host:5432/database");
    process.exit(2);
  }
  const applied = await migratePostgres(url);
  console.log(applied.length === 0 ? "Nothing was missing." : `Applied ${applied.join(", ")}.`);
}
