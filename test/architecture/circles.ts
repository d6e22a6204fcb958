import { importsOf, type Rule, type Source } from "./sources.ts";

type Graph = ReadonlyMap<string, readonly string[]>;

/** Nobody can be read, moved or thought of alone in a circle, and types bind as much as values. */
export const circles: Rule = {
  name: "no file imports, over others, itself: neither values nor types",
  check: (sources) => {
    const graph = graphOf(sources);
    return [...graph.keys()]
      .map((path) => wayBack(graph, path))
      .filter((circle) => circle !== undefined)
      .filter((circle) => circle.every((path) => path >= (circle[0] ?? "")))
      .map((circle) => circle.join(" → "));
  },
  planted: [
    [
      { path: "pricing/a.ts", text: 'import { b } from "./b.ts";' },
      { path: "pricing/b.ts", text: 'export { a } from "./a.ts";' },
    ],
    [
      { path: "pricing/a.ts", text: 'import type { B } from "./b.ts";' },
      { path: "pricing/b.ts", text: 'import type { C } from "./deep/c.ts";' },
      { path: "pricing/deep/c.ts", text: 'import type { A } from "../a.ts";' },
    ],
  ],
};

function graphOf(sources: readonly Source[]): Graph {
  return new Map(sources.map((source) => [source.path, importsOf(source).map(({ from }) => from)]));
}

/** The shortest way from a file over what it imports back to it. */
function wayBack(graph: Graph, start: string): readonly string[] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    for (const next of graph.get(path) ?? []) {
      if (next === start) return wayTo(cameFrom, start, path);
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, path);
      queue.push(next);
    }
  }
  return undefined;
}

function wayTo(cameFrom: ReadonlyMap<string, string>, start: string, end: string) {
  const way = [end];
  for (let path = end; path !== start; ) {
    path = cameFrom.get(path) ?? start;
    way.unshift(path);
  }
  return way;
}
