/** What a database is asked: batches that write, each a list of the rows per statement; and reads. */
export type Counts = { readonly batches: number[][]; reads: number };

/** A database that counts what it is asked. */
export function countedD1(database: D1Database): {
  readonly d1: D1Database;
  readonly counts: Counts;
} {
  const counts: Counts = { batches: [], reads: 0 };
  const batch = async (statements: D1PreparedStatement[]) => {
    const results = await database.batch(statements);
    counts.batches.push(results.map(({ meta }) => meta.rows_written));
    counts.reads -= statements.length;
    return results;
  };
  const prepare = (text: string) => {
    counts.reads += 1;
    return database.prepare(text);
  };
  const d1 = new Proxy(database, {
    get: (target, name) => {
      if (name === "batch") return batch;
      return name === "prepare" ? prepare : Reflect.get(target, name).bind(target);
    },
  });
  return { d1, counts };
}
