import { join } from "node:path";
import { RegionCode, regionCodes } from "../schema/regions.ts";
import { fail } from "./machine/platform.ts";
import { stopOnSignal } from "./machine/stop-on-signal.ts";
import { migratePostgres } from "./migrate-postgres.ts";
import { curlLine } from "./stack/first-sale.ts";
import { type Postgres, startPostgres } from "./stack/local-postgres.ts";
import { type PostgresUrls, startStack } from "./stack/stack.ts";
import { parseFlags } from "./stack/start-flags.ts";

// `npm run start:postgres -- [region …] [flags of start]`: all regions' orders in Postgres, or those named.
const args = process.argv.slice(2);
const firstFlag = args.findIndex((arg) => arg.startsWith("-"));
const named = firstFlag === -1 ? args : args.slice(0, firstFlag);
const unknown = named.filter((name) => !RegionCode.safeParse(name).success);
if (unknown.length > 0) {
  fail(`No region is called "${unknown.join('", "')}". There are: ${regionCodes.join(", ")}.`, 2);
}
const flags = parseFlags(args.slice(named.length));
if ("wrong" in flags) fail(flags.wrong, 2);
const chosen = regionCodes.filter((code) => named.length === 0 || named.includes(code));

const starting = start(flags);
stopOnSignal(starting);
try {
  const { url, urls } = await starting;
  console.log(`Shop       ${url}\nReference  ${url}/docs`);
  for (const [region, database] of Object.entries(urls)) {
    console.log(`Orders     ${region.padEnd(5)}${database}`);
  }
  console.log(`\nSell one:\n\n${curlLine(url)}\n`);
} catch (error) {
  fail(error, 1);
}

async function start({ port, persistTo, vars }: Exclude<typeof flags, { wrong: string }>) {
  console.log(`Starting Postgres over ${persistTo}/postgres …`);
  const server = await startPostgres({ folder: join(persistTo, "postgres") });
  try {
    const urls = await databasesOf(server);
    console.log("Starting the Workers …");
    const stack = await startStack({ port, persistTo, vars, postgres: urls });
    const stop = async () => {
      await stack.stop();
      await server.stop();
    };
    return { url: stack.url, urls, stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function databasesOf(server: Postgres): Promise<PostgresUrls> {
  const urls: Partial<Record<RegionCode, string>> = {};
  for (const code of chosen) {
    const url = server.url(`tender_orders_${code}`);
    await migratePostgres(url);
    urls[code] = url;
  }
  return urls;
}
