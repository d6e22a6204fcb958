import { Saga } from "../../../durable-objects/saga/saga.ts";
import type { Refusal } from "../../../schema/outcome.ts";

export type HastyInput = { readonly orderId: string; readonly kitchens: readonly string[] };
type Cooking = { readonly kitchen: string };

export type HastyDeps = {
  look(): Promise<number>;
  keepTable(key: string): Promise<{ readonly table: number } | Refusal<"full">>;
  freeTable(key: string): Promise<void>;
  cook(kitchen: string, key: string): Promise<Cooking | Refusal<"closed">>;
  stopCooking(key: string): Promise<void>;
  sendWaiter(key: string): Promise<"sent" | Refusal<"no_waiter">>;
  callWaiterBack(key: string): Promise<void>;
  serve(key: string): Promise<"served">;
};

export type HastyTx = { note(line: string): void };

/**
 * A meal for guests in a hurry: the engine's two words that save commits, in one saga.
 *
 * Input: the order, and the kitchens that may cook it, in the order of choice.
 * Steps: look at the menu, keep a table, find a kitchen, send a waiter, serve.
 * Commits: what is known of the order.
 * Undo: by each step's key. A table that nobody sits down at is free again after a while by itself.
 */
export const hastySaga = Saga.named<HastyInput, HastyDeps, Record<never, never>, HastyTx>("hasty", {
  turnedBack: ({ tx, because }) => tx.note(because.refused),
})
  .step("menu", { reads: true, do: ({ deps }) => deps.look() })
  .step("table", {
    do: ({ deps, key }) => deps.keepTable(key),
    undo: ({ deps, key }) => deps.freeTable(key),
    lapses: true,
    commit: ({ tx, value }) => tx.note(`table ${value.table}`),
  })
  .firstOf(
    "cook",
    ({ input }) => input.kitchens,
    (kitchen) => ({
      do: ({ deps, key }) => deps.cook(kitchen, key),
      undo: ({ deps, key }) => deps.stopCooking(key),
      commit: ({ tx, value }) => tx.note(`cooked by ${value.kitchen}`),
    }),
  )
  .step("waiter", {
    do: ({ deps, key }) => deps.sendWaiter(key),
    undo: ({ deps, key }) => deps.callWaiterBack(key),
    ahead: true,
  })
  .pivot("bill", { commit: ({ tx }) => tx.note("billed") })
  .step("serve", {
    do: ({ deps, key }) => deps.serve(key),
    commit: ({ tx }) => tx.note("served"),
  });
