import { parseArgs } from "node:util";
import { portOf, varsOf } from "./start-flags.ts";

/** What `npm run simulators` takes. */
export type SimulatorFlags = {
  readonly port: number;
  readonly persistTo: string;
  /** Where a Tender listens for webhooks; without one no webhook is sent. */
  readonly webhooks: string | undefined;
  readonly vars: Readonly<Record<string, string>>;
};

const USAGE =
  "Flags: --port P (default 8788), --webhooks URL of a Tender (default: none are sent), " +
  "--persist-to DIR (default .tender/simulators), --var NAME:value (any number).";

const PORT_DEFAULT = 8788;
const PERSIST_TO_DEFAULT = ".tender/simulators"; // not where `npm start` keeps its own

/** Answers with the flags, or with the sentence that says what is wrong with them. */
export function parseSimulatorFlags(
  args: readonly string[],
): SimulatorFlags | { readonly wrong: string } {
  const values = readArgs(args);
  if (typeof values === "string") return { wrong: `${values}. ${USAGE}` };
  const port = portOf(values.port, PORT_DEFAULT);
  if (typeof port === "string") return { wrong: `${port} ${USAGE}` };
  const vars = varsOf(values.var ?? []);
  if (typeof vars === "string") return { wrong: `${vars} ${USAGE}` };
  const { webhooks, "persist-to": persistTo = PERSIST_TO_DEFAULT } = values;
  if (webhooks !== undefined && !/^https?:$/.test(URL.parse(webhooks)?.protocol ?? "")) {
    return {
      wrong: `--webhooks takes a URL such as http://127.0.0.1:8787, not "${webhooks}". ${USAGE}`,
    };
  }
  return { port, persistTo, webhooks: webhooks?.replace(/\/$/, ""), vars };
}

function readArgs(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: false,
      options: {
        port: { type: "string" },
        webhooks: { type: "string" },
        "persist-to": { type: "string" },
        var: { type: "string", multiple: true },
      },
    }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
