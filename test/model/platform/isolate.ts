import type { CheckoutObject } from "../../../durable-objects/checkout/checkout.object.ts";
import type { MemorySqlite } from "../../faults/shop/sqlite.ts";
import type { Build, ModelEnv } from "./build.ts";

type Platform = {
  readonly build: Build;
  readonly sqlite: MemorySqlite;
  readonly env: (isAlive: () => boolean) => ModelEnv;
  setAlarm(atMs: number): void;
};

/** The object in memory, on the platform as far as it uses it. Once dead it commits nothing. */
export class Isolate {
  readonly object: CheckoutObject;
  isAlive = true;
  /** Handed to `waitUntil`, and not back yet. */
  behind = 0;

  constructor({ build, sqlite, env, setAlarm }: Platform) {
    const assertAlive = () => {
      if (!this.isAlive) throw new Error("a dead isolate commits nothing");
    };
    const storage: object = {
      sql: sqlite.sql,
      transactionSync: (work: () => unknown) => {
        assertAlive();
        return sqlite.transact(work);
      },
      setAlarm: async (atMs: number) => {
        assertAlive();
        setAlarm(atMs);
      },
      deleteAll: async () => {
        throw new Error("Bug: the model does not wait for the purge");
      },
    };
    const waitUntil = (work: Promise<unknown>) => {
      this.behind += 1;
      void work.finally(() => {
        this.behind -= 1;
      });
    };
    const ctx: object = { storage, waitUntil };
    this.object = new build.CheckoutObject(
      ctx as DurableObjectState,
      env(() => this.isAlive),
    );
  }
}
