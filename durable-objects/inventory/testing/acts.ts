import * as allocation from "../allocation.ts";
import * as backstop from "../backstop.ts";
import * as hold from "../hold.ts";
import * as changes from "../hold-changes.ts";
import * as inventory from "../inventory.ts";
import * as movements from "../movements.ts";
import * as transfers from "../transfers.ts";

/** What a shelf can do, by name, for shelves that no object of workerd keeps. */
export const inventoryActs = {
  ...{ ...inventory, ...backstop, ...hold },
  ...{ ...allocation, ...changes, ...movements, ...transfers },
};
