import { runInDurableObject } from "cloudflare:test";
import { vi } from "vitest";

type Sql = Pick<SqlStorage, "exec">;

/** What one call within an object costs: its statements, those that only read, the rows, its alarm. */
export async function costOf<O extends Rpc.DurableObjectBranded, R>(
  stub: DurableObjectStub<O>,
  call: (object: O) => R | Promise<R>,
) {
  return runInDurableObject(stub, async (object, { storage }) => {
    const cursors: { readonly sql: string; readonly cursor: SqlStorageCursor<never> }[] = [];
    const prototype = Object.getPrototypeOf(storage.sql) as Sql;
    const { exec } = prototype;
    const executed = vi.spyOn(prototype, "exec").mockImplementation(function (
      this: Sql,
      ...args: Parameters<SqlStorage["exec"]>
    ) {
      const cursor = exec.apply(this, args);
      cursors.push({ sql: args[0], cursor: cursor as SqlStorageCursor<never> });
      return cursor;
    } as SqlStorage["exec"]);
    const alarms = Object.getPrototypeOf(storage) as DurableObjectStorage;
    const alarmSet = vi.spyOn(alarms, "setAlarm");
    try {
      const answer = await call(object);
      const sum = (of: "rowsRead" | "rowsWritten") =>
        cursors.reduce((total, { cursor }) => total + cursor[of], 0);
      return {
        answer,
        statements: cursors.length,
        reads: cursors.filter(({ sql }) => /^\s*SELECT/.test(sql)).length,
        rowsRead: sum("rowsRead"),
        rowsWritten: sum("rowsWritten"),
        alarms: alarmSet.mock.calls.length,
      };
    } finally {
      executed.mockRestore();
      alarmSet.mockRestore();
    }
  });
}
