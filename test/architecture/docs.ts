import { existsSync, readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { refusals } from "../../schema/refusals.ts";
import type { Rule, Source } from "./sources.ts";

/** The pages that people read: in the root and under docs. */
export function readPages(): Source[] {
  const inDocs = readdirSync("docs", { recursive: true, encoding: "utf8" }).map(
    (name) => `docs/${name}`,
  );
  return [...readdirSync("."), ...inDocs]
    .filter((path) => path.endsWith(".md"))
    .map((path) => ({ path, text: readFileSync(path, "utf8") }));
}

const LIST_FROM = 5; // a page that names fewer in table rows only mentions them

export const refusalLists: Rule = {
  name: "a page that lists the refusals lists them all, and only them",
  check: (pages) =>
    pages.flatMap(({ path, text }) => {
      const known = Object.keys(refusals);
      const listed = [...text.matchAll(/^\| *`([a-z]+(?:_[a-z0-9]+)*)` *\|/gm)].map(
        ([, code = ""]) => code,
      );
      if (listed.filter((code) => known.includes(code)).length < LIST_FROM) return [];
      return [
        ...known.filter((code) => !listed.includes(code)).map((code) => `${path} lacks ${code}`),
        ...listed.filter((code) => !known.includes(code)).map((code) => `${path} has ${code}`),
      ];
    }),
  planted: [
    { path: "docs/refusals.md", text: rows(Object.keys(refusals).slice(1)) },
    { path: "docs/refusals.md", text: rows([...Object.keys(refusals), "no_such_refusal"]) },
  ],
};

function rows(codes: readonly string[]): string {
  return codes.map((code) => `| \`${code}\` | 409 |`).join("\n");
}

export const links: Rule = {
  name: "a link between pages leads to a file",
  check: (pages) =>
    pages.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)]
        .map(([, target = ""]) => posix.join(posix.dirname(path), target))
        .filter((target) => !existsSync(target))
        .map((target) => `${path} points to ${target}`),
    ),
  planted: [{ path: "docs/deploying.md", text: "See [the plan](plan.md#later)." }],
};

/** A page that walks through the code names files and, right behind each, what is defined there. */
export const walks: Rule = {
  name: "what a page says stands in a file does",
  check: (pages) =>
    pages.flatMap(({ path, text }) =>
      [...text.matchAll(/`([\w./-]+\.tsx?)` `(\w+)`/g)]
        .filter(([, file = "", name = ""]) => !defines(file, name))
        .map(([, file, name]) => `${path} says that ${file} has ${name}`),
    ),
  planted: [
    { path: "docs/walk.md", text: "`durable-objects/saga/runner.ts` `runAway`" },
    { path: "docs/walk.md", text: "`durable-objects/saga/jogger.ts` `start`" },
  ],
};

function defines(file: string, name: string): boolean {
  if (!existsSync(file)) return false;
  const declared = `\\b(?:function\\*?|const|class|type) ${name}\\b`;
  const method = `^ +(?:override )?(?:async )?#?${name}(?:<[^(]*>)?\\(`;
  return new RegExp(`${declared}|${method}`, "m").test(readFileSync(file, "utf8"));
}
