import { existsSync } from "node:fs";
import { ProviderName } from "../schema/payment.ts";
import { buildAssets } from "./building/assets.ts";
import { product, simulators } from "./building/bundle.ts";
import { claimPort, fail, HOST } from "./machine/platform.ts";
import { seedStock } from "./seed/seed.ts";
import { type DevServer, startDevServer } from "./stack/dev-server.ts";
import { curlLine, sellOne, timelineTable } from "./stack/first-sale.ts";
import { areSimulated, simulatorPortAt } from "./stack/simulated.ts";
import { prepareStorage, productVars, simulatorVars, storageFolder } from "./stack/stack.ts";
import { type Flags, parseFlags } from "./stack/start-flags.ts";

const flags = parseFlags(process.argv.slice(2));
if ("wrong" in flags) fail(flags.wrong, 2);
if (Object.keys(flags.postgres).length > 0) {
  fail("start keeps orders in D1: take npm run start:postgres, or serve with --postgres.", 2);
}

const servers: DevServer[] = [];
let stopping = false;

async function stopAll(): Promise<void> {
  stopping = true;
  await Promise.all(servers.map((server) => server.stop()));
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void stopAll().finally(() => process.exit(0)));
}

try {
  await start(flags);
} catch (error) {
  if (!stopping) {
    await stopAll();
    fail(error, 1);
  }
}

async function start(flags: Flags): Promise<void> {
  const isNew = !existsSync(storageFolder(flags.persistTo));
  const providers = areSimulated(flags.vars);
  const url = `http://${HOST}:${flags.port}`;
  const simulatorPort = await simulatorPortAt(flags.port + 1, flags.vars);
  const simulatorUrl = providers === "none" ? undefined : `http://${HOST}:${simulatorPort}`;
  await claimPort(flags.port);
  if (simulatorUrl) await claimPort(simulatorPort);

  console.log(`Preparing the storage in ${flags.persistTo} …`);
  await prepareStorage(flags.persistTo);

  console.log("Starting the Workers …");
  await buildAssets();
  const places = { url, simulatorUrl };
  servers.push(startDevServer(product, { ...flags, vars: productVars(flags.vars, places) }));
  if (simulatorUrl) {
    const vars = simulatorVars(flags.vars, places);
    servers.push(startDevServer(simulators, { ...flags, port: simulatorPort, vars }));
  }
  for (const server of servers) void server.ended.then(reportEnd);
  await Promise.all(servers.map((server) => server.ready));
  await seedStock(url);

  if (isNew && providers === "all") await demonstrate(url);
  console.log(whatToOpen(url, simulatorUrl));
  for (const server of servers) server.show();
}

/** A platform with a part missing serves nobody: say so and stop the rest. */
async function reportEnd(sentence: string): Promise<void> {
  if (stopping) return;
  await stopAll();
  fail(`${sentence} Stopped the rest as well.`, 1);
}

async function demonstrate(url: string): Promise<void> {
  const sale = await sellOne(url);
  console.log(`\nSold the first cart: ${sale.checkoutId}, order ${sale.orderId}\n`);
  console.log(`${timelineTable(sale)}\n\nThe sale is ${sale.status}.\n`);
}

function whatToOpen(url: string, simulatorUrl: string | undefined): string {
  const lines = [
    `Shop       ${url}`,
    `Reference  ${url}/docs`,
    `Traces     ${url}/cdn-cgi/local/explorer`,
    ...(simulatorUrl ? ledgers(simulatorUrl) : []),
  ];
  return `${lines.join("\n")}\n\nSell another:\n\n${curlLine(url)}\n`;
}

function ledgers(simulatorUrl: string): string[] {
  return ProviderName.options.map((name) => `Provider   ${simulatorUrl}/_simulator/${name}/ledger`);
}
