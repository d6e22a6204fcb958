import pg from "pg";

export type Asked = { readonly text: string; readonly values: readonly unknown[] };

/** What Postgres is asked while the work is done: a round trip each. */
export async function askedDuring(work: () => Promise<unknown>): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  const { prototype } = pg.Client;
  const query = prototype.query;
  const noting = function (this: pg.Client, ...args: unknown[]) {
    const [config, values] = args as [string | { text: string }, unknown[] | undefined];
    asked.push({ text: typeof config === "string" ? config : config.text, values: values ?? [] });
    return Reflect.apply(query, this, args);
  };
  Object.assign(prototype, { query: noting });
  try {
    await work();
  } finally {
    Object.assign(prototype, { query });
  }
  return asked;
}
