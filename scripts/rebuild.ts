import { parseArgs } from "node:util";
import { RebuiltOrders } from "../schema/order-list.ts";
import { type RegionCode, regionCodes } from "../schema/regions.ts";
import { shopKeys } from "./machine/local-keys.ts";
import { fail } from "./machine/platform.ts";

// `npm run rebuild -- --url …`: every region's order rows anew from the log, page by page.
const USAGE = `npm run rebuild -- [--url http://127.0.0.1:8787] [--key ${shopKeys.operator}]`;
const TRIES_MAX = 5; // a store that is away for a moment does not end an hour's work

const { url, key } = optionsFrom(process.argv.slice(2));
try {
  for (const region of regionCodes) await rebuild(region);
} catch (error) {
  fail(error, 1);
}

async function rebuild(region: RegionCode): Promise<void> {
  let total = 0;
  let after: string | undefined;
  do {
    const { rebuilt, next } = await page({ region, ...(after === undefined ? {} : { after }) });
    total += rebuilt;
    after = next;
    console.log(`${region.padEnd(5)}${String(total).padStart(9)} orders rebuilt`);
  } while (after !== undefined);
}

async function page(body: object): Promise<RebuiltOrders> {
  for (let tried = 1; ; tried++) {
    const response = await fetch(`${url}/v1/ops/orders/rebuild`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ ...body, limit: 500 }),
    });
    const text = await response.text();
    if (response.ok) return RebuiltOrders.parse(JSON.parse(text));
    if (response.status !== 503 || tried === TRIES_MAX) {
      throw new Error(`${url} answered ${response.status}: ${text}`);
    }
  }
}

function optionsFrom(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        url: { type: "string", default: "http://127.0.0.1:8787" },
        key: { type: "string", default: shopKeys.operator },
      },
    });
    return { url: values.url.replace(/\/+$/, ""), key: values.key };
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}. Usage: ${USAGE}`, 2);
  }
}
