import { parseArgs } from "node:util";
import { type AuditResult, type InvariantName, invariants } from "../test/audit/audit.ts";
import { auditAtRest, LOCAL_OPERATOR_KEY } from "../test/audit/read-dumps.ts";

const USAGE =
  "npm run audit -- [--url http://127.0.0.1:8787] [--simulator http://127.0.0.1:8788] " +
  `[--key ${LOCAL_OPERATOR_KEY}] [--wait 60]`;

const SHOWN_MAX = 20; // enough to see the pattern; the count says how many more there are

type Options = { url: string; simulatorUrl: string; operatorKey: string; waitMs: number };

function optionsFrom(args: readonly string[]): Options {
  const values = valuesFrom(args);
  const waitSeconds = Number(values.wait);
  if (!Number.isFinite(waitSeconds) || waitSeconds < 0) {
    throw new Error(`--wait takes seconds, not "${values.wait}".`);
  }
  const url = baseOf("--url", values.url);
  return {
    url,
    simulatorUrl: baseOf("--simulator", values.simulator ?? simulatorBeside(url)),
    operatorKey: values.key,
    waitMs: waitSeconds * 1000,
  };
}

function valuesFrom(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        url: { type: "string", default: "http://127.0.0.1:8787" },
        simulator: { type: "string" },
        key: { type: "string", default: LOCAL_OPERATOR_KEY },
        wait: { type: "string", default: "60" },
      },
    }).values;
  } catch (fault) {
    throw new Error(`${fault instanceof Error ? fault.message : fault}. Usage: ${USAGE}`);
  }
}

/** The simulators listen one port above the product. */
function simulatorBeside(url: string): string {
  const simulator = new URL(url);
  simulator.port = String(Number(simulator.port || "80") + 1);
  return simulator.href;
}

function baseOf(flag: string, value: string): string {
  if (!URL.canParse(value)) throw new Error(`${flag} takes a URL, not "${value}".`);
  return value.replace(/\/+$/, "");
}

function print({ violations, unfinished, counts }: AuditResult): void {
  const names = Object.keys(invariants) as InvariantName[];
  console.log(
    `Read ${counts.orders} orders, ${counts.events} events, ${counts.payments} payments ` +
      `(${counts.netCaptures} with money taken), ${counts.stockRows} stock rows.\n`,
  );
  console.log(`${"".padEnd(42)}violations  unfinished`);
  for (const name of names) {
    const of = (findings: AuditResult["violations"]) =>
      String(findings.filter(({ invariant }) => invariant === name).length);
    const label = `${name.padEnd(4)} ${invariants[name].title}`.padEnd(42);
    const isSilent = "needsTold" in invariants[name];
    const cells = `${of(violations).padStart(10)}${of(unfinished).padStart(12)}`;
    console.log(label + (isSilent ? "  not told by dumps, only by a load's answers" : cells));
  }
  list("Violations", violations);
  list("Unfinished", unfinished);
  const isClean = violations.length === 0 && unfinished.length === 0;
  console.log(isClean ? "\nEvery invariant holds." : "\nNot every invariant holds.");
}

function list(title: string, findings: AuditResult["violations"]): void {
  if (findings.length === 0) return;
  console.log(`\n${title}:`);
  for (const { invariant, subject, sentence } of findings.slice(0, SHOWN_MAX)) {
    console.log(`  ${invariant.padEnd(4)} ${subject} ${sentence}`);
  }
  if (findings.length > SHOWN_MAX) console.log(`  … and ${findings.length - SHOWN_MAX} more.`);
}

async function main(args: readonly string[]): Promise<void> {
  const options = optionsFrom(args);
  const result = await auditAtRest(options, [], {
    withinMs: options.waitMs,
    operatorKey: options.operatorKey,
  });
  print(result);
  if (result.violations.length + result.unfinished.length > 0) process.exitCode = 1;
}

try {
  await main(process.argv.slice(2));
} catch (fault) {
  const { message, cause } = fault instanceof Error ? fault : new Error(String(fault));
  console.error(message);
  if (cause instanceof Error) console.error(cause.message);
  process.exitCode = 1;
}
