/** What each statement of a batch wrote, in rows; a batch a list. */
export type Batches = readonly number[][];

/** A database that counts what it is asked to write. */
export function countedD1(database: D1Database): { d1: D1Database; batches: Batches } {
  const batches: number[][] = [];
  const batch = async (statements: D1PreparedStatement[]) => {
    const results = await database.batch(statements);
    batches.push(results.map(({ meta }) => meta.rows_written));
    return results;
  };
  const d1 = new Proxy(database, {
    get: (target, name) => (name === "batch" ? batch : Reflect.get(target, name).bind(target)),
  });
  return { d1, batches };
}
