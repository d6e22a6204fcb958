import { freePort } from "../../scripts/machine/platform.ts";
import type { Build } from "../builds.ts";
import { closedLoop } from "../load.ts";
import type { Heap } from "../report.ts";
import { startSide } from "../sides.ts";
import { heapMib, inspect } from "./inspector.ts";

const CLIENTS = 16;

/** The heap of the product's isolate after so many sales, each time at rest. */
export async function heapAfter(
  build: Build,
  folder: string,
  counts: readonly number[],
): Promise<Heap[]> {
  const inspectorPort = await freePort();
  const side = await startSide("heap", build, { folder, inspectorPort });
  const inspector = await inspect(inspectorPort, build.served.worker.name);
  try {
    await side.sales.look();
    const heap: Heap[] = [];
    for (const sales of counts) {
      const isEnough = () => side.sales.soldCount >= sales;
      await closedLoop(side.sales.sellInOneCall, { clients: CLIENTS, until: isEnough });
      await side.sales.drained();
      heap.push({ sales: side.sales.soldCount, mib: await heapMib(inspector) });
    }
    return heap;
  } finally {
    inspector.close();
    await side.stop();
  }
}
