import type { AnySaga } from "../../../durable-objects/saga/next-action.ts";
import { MemoryStorage } from "../../../durable-objects/saga/testing/stage.ts";
import type { Refusal } from "../../../schema/outcome.ts";
import type { Scenario } from "../matrix/scenario.ts";
import { type HastyDeps, type HastyInput, type HastyTx, hastySaga } from "./hasty.saga.ts";

type HastyScenario = Scenario<HastyDeps, HastyTx>;
type Habits = {
  readonly saga?: AnySaga;
  /** Tables here are kept for ever. */
  readonly keepsTables?: true;
};

/** Meals by the saga as it is, or by one that claims more than its restaurant keeps. */
export function meals({ saga = hastySaga, keepsTables }: Habits = {}): readonly HastyScenario[] {
  const input = (kitchens: readonly string[]) => ({ orderId: "order/1", kitchens });
  const restaurant = () => new Restaurant(keepsTables === true);
  return [
    meal("a meal", input(["grill"]), saga, restaurant),
    meal("a meal of two kitchens", input(["grill", "oven"]), saga, restaurant),
  ];
}

function meal(
  name: string,
  input: HastyInput,
  saga: AnySaga,
  opened: () => Restaurant,
): HastyScenario {
  return {
    ...{ name, saga: "hasty", sagas: [saga] },
    open: () => {
      const runId = `${input.orderId}/hasty`;
      const storage = new MemoryStorage<HastyTx>((note) => ({ note }));
      const outside = opened();
      return {
        ...{ storage, deps: outside, runId },
        begin: (runner) =>
          runner.read(runId) ? Promise.resolve() : runner.start("hasty", runId, input),
        runs: () => storage.runs(),
        lapse: () => outside.lapse(),
        judge: (end) => outside.judge(end),
      };
    },
  };
}

/** What is kept, cooked and sent here, by the key under which it was asked for. */
class Restaurant implements HastyDeps {
  readonly #taken = new Map<string, "taken" | "given back">();
  readonly #keepsTables: boolean;

  constructor(keepsTables: boolean) {
    this.#keepsTables = keepsTables;
  }

  async look(): Promise<number> {
    return 12;
  }

  async keepTable(key: string): Promise<{ table: number } | Refusal<"full">> {
    return this.#take(key) ? { table: 7 } : { refused: "full" };
  }

  async freeTable(key: string): Promise<void> {
    this.#taken.set(key, "given back");
  }

  async cook(kitchen: string, key: string): Promise<{ kitchen: string } | Refusal<"closed">> {
    return this.#take(key) ? { kitchen } : { refused: "closed" };
  }

  async stopCooking(key: string): Promise<void> {
    this.#taken.set(key, "given back");
  }

  async sendWaiter(key: string): Promise<"sent" | Refusal<"no_waiter">> {
    return this.#take(key) ? "sent" : { refused: "no_waiter" };
  }

  async callWaiterBack(key: string): Promise<void> {
    this.#taken.set(key, "given back");
  }

  async serve(): Promise<"served"> {
    return "served";
  }

  lapse(): void {
    if (this.#keepsTables) return;
    for (const key of this.#taken.keys()) {
      if (key.endsWith("/table")) this.#taken.set(key, "given back");
    }
  }

  /** A clean slate, or one table, one meal and one waiter. */
  judge(end: string | undefined): readonly string[] {
    const taken = [...this.#taken].filter(([, state]) => state === "taken").map(([key]) => key);
    const wanted = end === "completed" ? 3 : 0;
    return taken.length === wanted ? [] : [`${wanted} are to be taken, not ${taken.join(", ")}`];
  }

  #take(key: string): boolean {
    if (!this.#taken.has(key)) this.#taken.set(key, "taken");
    return this.#taken.get(key) === "taken";
  }
}
