import { Socket } from "node:net";
import pg from "pg";

const CONNECT_TIMEOUT_MS = 5000;
const QUERY_TIMEOUT_MS = 10_000; // a server that was paused is left, and the message goes again
// What a consumer that died in mid-transaction leaves behind must not stop the next one for long.
const LOCK_TIMEOUT_MS = 8000;
const IDLE_IN_TRANSACTION_MS = 15_000;

/**
 * SQL whose text is made once. By its name Postgres keeps the plan on each connection of Hyperdrive's
 * pool: https://blog.cloudflare.com/postgres-named-prepared-statements-supported-hyperdrive
 */
export type Statement = { readonly name: string; readonly text: string };

/** One connection for one piece of work. Throws what the database says, or that it is away. */
export async function connected<T>(
  connectionString: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    types: { getTypeParser },
    // workerd has Node's own socket; pg's other one is found by bundlers alone.
    stream: () => new Socket(),
  });
  // A connection that breaks fails the query that waits for it; the event says nothing more, and
  // unheard it would end the process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}

/** All or nothing, and nobody waits for its locks for long. */
export async function inTransaction<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query("BEGIN");
  try {
    await client.query(
      `SELECT set_config('lock_timeout', $1, true),
        set_config('idle_in_transaction_session_timeout', $2, true)`,
      [String(LOCK_TIMEOUT_MS), String(IDLE_IN_TRANSACTION_MS)],
    );
    const done = await work();
    await client.query("COMMIT");
    return done;
  } catch (problem) {
    // Where even this fails the connection is gone, and its transaction with it.
    await client.query("ROLLBACK").catch(() => undefined);
    throw problem;
  }
}

export async function run<Row extends pg.QueryResultRow>(
  client: pg.Client,
  statement: Statement,
  values: readonly unknown[],
): Promise<readonly Row[]> {
  return (await client.query<Row>(statement, [...values])).rows;
}

/** Offsets, moments and amounts are bigint there, and safe integers here. */
function getTypeParser(type: number, format?: "text" | "binary"): (text: string) => unknown {
  return type === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(type, format);
}
