import { parseFlags } from "./flags.ts";
import { startStack } from "./stack.ts";

const flags = parseFlags(process.argv.slice(2));
if ("wrong" in flags) {
  console.error(flags.wrong);
  process.exit(2);
}

try {
  const stack = await startStack(flags);
  const simulated = stack.simulatorUrl ? `, simulators on ${stack.simulatorUrl}` : "";
  console.log(`Tender serves on ${stack.url}${simulated}, storage in ${flags.persistTo}`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void stack.stop().finally(() => process.exit(0)));
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
