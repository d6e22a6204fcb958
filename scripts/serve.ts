import { fail } from "./machine/platform.ts";
import { stopOnSignal } from "./machine/stop-on-signal.ts";
import { migratePostgres } from "./migrate-postgres.ts";
import { type Stack, startStack } from "./stack/stack.ts";
import { type Flags, parseFlags } from "./stack/start-flags.ts";

const flags = parseFlags(process.argv.slice(2));
if ("wrong" in flags) fail(flags.wrong, 2);

const starting = start(flags);
stopOnSignal(starting);

async function start(flags: Flags): Promise<Stack> {
  for (const url of Object.values(flags.postgres)) await migratePostgres(url);
  // Neither exists in production, and each costs as much as a part of the sale.
  process.env.X_LOCAL_OBSERVABILITY = "false";
  return startStack({ ...flags, storefront: false });
}

try {
  const { url, simulatorUrl } = await starting;
  const simulated = simulatorUrl ? `, simulators on ${simulatorUrl}` : "";
  console.log(`Tender serves on ${url}${simulated}, storage in ${flags.persistTo}`);
} catch (error) {
  fail(error, 1);
}
