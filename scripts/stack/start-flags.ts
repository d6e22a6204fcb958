import { parseArgs } from "node:util";
import { RegionCode } from "../../schema/regions.ts";

/** What `npm start` and `npm run serve` take. */
export type Flags = {
  readonly port: number;
  readonly persistTo: string;
  readonly vars: Readonly<Record<string, string>>;
  /** Databases of the regions whose orders stand in Postgres. */
  readonly postgres: { readonly [Region in RegionCode]?: string };
};

export const USAGE =
  "Flags: --port P (default 8787), --persist-to DIR (default .tender/state), --var NAME:value (any number), " +
  "--postgres REGION=URL (serve only).";

const PORT_DEFAULT = 8787;
const PORT_MAX = 65_534; // the simulators listen on the port after it
const PERSIST_TO_DEFAULT = ".tender/state";

/** Answers with the flags, or with the sentence that says what is wrong with them. */
export function parseFlags(args: readonly string[]): Flags | { readonly wrong: string } {
  const parsed = readArgs(args);
  if ("wrong" in parsed) return parsed;

  const port = portOf(parsed.port, PORT_DEFAULT);
  if (typeof port === "string") return { wrong: `${port} ${USAGE}` };
  const vars = varsOf(parsed.vars);
  if (typeof vars === "string") return { wrong: `${vars} ${USAGE}` };
  const postgres: Partial<Record<RegionCode, string>> = {};
  for (const pair of parsed.postgres) {
    const [, code, url = ""] = /^([a-z]+)=(postgres(?:ql)?:.+)$/.exec(pair) ?? [];
    const region = RegionCode.safeParse(code);
    if (!region.success || !URL.canParse(url)) {
      return { wrong: `--postgres takes REGION=URL, not "${pair}". ${USAGE}` };
    }
    postgres[region.data] = url;
  }
  return { port, persistTo: parsed.persistTo ?? PERSIST_TO_DEFAULT, vars, postgres };
}

/** The port of `--port`, or a sentence about what is wrong with it. */
export function portOf(given: string | undefined, otherwise: number): number | string {
  const port = Number(given ?? otherwise);
  return Number.isInteger(port) && port >= 1 && port <= PORT_MAX
    ? port
    : `--port takes a number from 1 to ${PORT_MAX}, not "${given}".`;
}

/** What `--var NAME:value` sets, the last of a name; or a sentence about one that is not of this form. */
export function varsOf(pairs: readonly string[]): Flags["vars"] | string {
  const vars: Record<string, string> = {};
  for (const pair of pairs) {
    const match = /^([A-Z][A-Z0-9_]*):(.*)$/s.exec(pair);
    if (!match) return `--var takes NAME:value, not "${pair}".`;
    vars[match[1] ?? ""] = match[2] ?? "";
  }
  return vars;
}

type RawFlags = {
  port: string | undefined;
  persistTo: string | undefined;
  vars: string[];
  postgres: string[];
};

function readArgs(args: readonly string[]): RawFlags | { wrong: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      allowPositionals: false,
      options: {
        port: { type: "string" },
        "persist-to": { type: "string" },
        var: { type: "string", multiple: true },
        postgres: { type: "string", multiple: true },
      },
    });
    const { port, "persist-to": persistTo, var: vars = [], postgres = [] } = values;
    return { port, persistTo, vars, postgres };
  } catch (error) {
    return { wrong: `${error instanceof Error ? error.message : String(error)}. ${USAGE}` };
  }
}
