import type { WantedLine } from "../../schema/checkout.ts";
import { regionOf, type Sku } from "../../schema/ids.ts";
import { cellStub } from "../placement.ts";
import type { Cart } from "./cart.ts";
import type { Available } from "./joining.ts";

/**
 * How many pieces of each line its cart's region has, as far as that is known: another region may sell what is out at
 * home, and a shelf that cannot be asked is no reason to leave goods behind. What is held the checkout decides.
 */
export async function availableOf(
  env: Env,
  { shopId, cartId }: Pick<Cart, "shopId" | "cartId">,
  lines: readonly WantedLine[],
): Promise<Available> {
  const shelf = (sku: Sku, cell: number) =>
    cellStub(env, { shopId, region: regionOf(cartId), sku, cell });
  const looked = await Promise.allSettled(
    lines.map(async ({ sku }) => {
      const { cells, last_resort } = await shelf(sku, 0).terms();
      if (last_resort) return [];
      const every = Array.from({ length: cells }, (_, cell) => shelf(sku, cell).levels());
      const levels = await Promise.all(every);
      return [[sku, levels.reduce((sum, { available }) => sum + available, 0)] as const];
    }),
  );
  return new Map(
    looked.flatMap((look) => {
      if (look.status === "fulfilled") return look.value;
      console.warn({ event: "cart.shelf_unreachable", cartId, problem: String(look.reason) });
      return [];
    }),
  );
}
