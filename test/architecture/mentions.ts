import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { readPages } from "./docs.ts";
import { type Rule, readFolders, readSources, type Source } from "./sources.ts";

const present = ["", ...readFolders()].flatMap((folder) =>
  readdirSync(folder || ".", { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => posix.join("/", folder, name)),
);
const DECISIONS = "docs/decisions";
const decisions = readdirSync(DECISIONS).map((name) => Number.parseInt(name, 10));

/** Where people write about the house: its pages, the comments of its code, SQL and configuration. */
export function readProse(): Source[] {
  const others = present.map((path) => path.slice(1)).filter((path) => /\.(sql|toml)$/.test(path));
  return [
    ...readPages(),
    ...readSources().filter(({ path }) => !path.startsWith("test/architecture/")),
    ...others.map((path) => ({ path, text: readFileSync(path, "utf8") })),
  ];
}

export const filesNamed: Rule = {
  name: "a file that a page or a comment names in backticks exists: `folder/file.ts`, or the end of its path",
  check: (sources) =>
    sources.flatMap((source) =>
      [...proseOf(source).matchAll(/`([\w./*-]+\.tsx?|[\w./*-]+\/[\w.*-]+\.sql)`/g)]
        .map(([, name = ""]) => name)
        .filter((name) => !present.some((path) => endingIn(name).test(path)))
        .map((name) => `${source.path} names ${name}`),
    ),
  planted: [
    { path: "docs/pricing.md", text: "See `pricing/no-such-file.ts`." },
    { path: "docs/pricing.md", text: "See `pricing/no-such-*.ts`." },
    { path: "docs/stock.md", text: "Columns: `migrations/orders/no-such-file.sql`." },
    { path: "docs/sagas.md", text: "It is judged as well (`no-such-file.ts`)." },
    { path: "docs/sagas.md", text: "It is judged as well (`other-folder/quote.ts`)." },
    { path: "pricing/quote.ts", text: "/**\n * As in `pricing/no-such-file.ts`.\n */" },
    { path: "pricing/quote.ts", text: "const tax = 0; // as in `pricing/no-such-file.ts`" },
  ],
};

export const decisionsNamed: Rule = {
  name: `a decision that a page or a comment names by its number stands in ${DECISIONS}`,
  check: (sources) =>
    sources.flatMap((source) =>
      [...proseOf(source).matchAll(/\bdecisions? (\d+(?:(?:,? and |, )\d+)*)/gi)]
        .flatMap(([, numbers = ""]) => numbers.match(/\d+/g) ?? [])
        .filter((number) => !decisions.includes(Number(number)))
        .map((number) => `${source.path} names decision ${number}`),
    ),
  planted: [
    { path: "docs/stock.md", text: "Its moves stand in its row ([decision 9999](x.md))." },
    { path: "docs/stock.md", text: "Decisions 13 and 9999 say why." },
    { path: "pricing/quote.ts", text: "const tax = 0; // decision 9999" },
    { path: "pricing/quote.ts", text: "/**\n * Its guarantee: decision\n * 9999.\n */" },
    { path: "migrations/orders/0001.sql", text: "-- why there are two: decision\n-- 9999" },
  ],
};

/** Of code its comments alone: a string is no statement about the house. A sentence is on one line. */
function proseOf({ path, text }: Source): string {
  const prose = /\.tsx?$/.test(path) ? commentsOf(text) : text;
  return prose.replace(/\s*\n\s*(?:\*(?!\/)|\/\/|--|#|>)?\s*/g, " ");
}

function commentsOf(text: string): string {
  const comments = text.matchAll(/\/\*[\s\S]*?\*\/|(?<=^|[^:"'`\\])\/\/.*$/gm);
  return [...comments].map(([comment]) => comment).join("\n");
}

/** Matches the paths that end in this name; a star stands for any part of a file's name. */
function endingIn(name: string): RegExp {
  const parts = name.split("*").map((part) => part.replaceAll(".", "\\."));
  return new RegExp(`/${parts.join("[^/]*")}$`);
}
