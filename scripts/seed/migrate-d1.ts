import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { unstable_splitSqlQuery as splitSql } from "wrangler";
import { root } from "../machine/platform.ts";

/** wrangler's own table and columns, so that `wrangler d1 migrations apply` and this agree. */
const CREATE_MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS "d1_migrations"(
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  name       TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`;

/** What of D1 the scripts use; miniflare's and the Worker's own type both fit. */
export interface Database {
  prepare(sql: string): Statement;
  batch(statements: Statement[]): Promise<unknown>;
}
export interface Statement {
  bind(...values: unknown[]): Statement;
  all(): Promise<{ results: unknown[] }>;
  run(): Promise<unknown>;
}

/** Applies what is missing, a file at a time, each in one transaction with its own mark. */
export async function migrate(database: Database, folder: string): Promise<void> {
  await database.prepare(CREATE_MIGRATIONS_TABLE).run();
  const { results } = await database.prepare('SELECT name FROM "d1_migrations"').all();
  const applied = new Set(results.map((row) => (row as { name: string }).name));
  const files = (await readdir(join(root, folder))).filter((name) => name.endsWith(".sql")).sort();
  for (const name of files) {
    if (applied.has(name)) continue;
    const sql = await readFile(join(root, folder, name), "utf8");
    await database.batch([
      ...splitSql(sql).map((statement) => database.prepare(statement)),
      database.prepare('INSERT INTO "d1_migrations" (name) VALUES (?)').bind(name),
    ]);
  }
}
