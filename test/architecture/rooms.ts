import { importsOf, isTest, type Rule, type Source } from "./sources.ts";

/**
 * A folder's rooms from the ground up: a file imports its own room and those below it. Rooms of one
 * floor know nothing of each other. "." is what lies in the folder itself.
 */
export const floors: Readonly<Record<string, readonly (readonly string[])[]>> = {
  "durable-objects/checkout": [
    ["sale"],
    ["stock", "view"],
    ["ending", "after-sale"],
    ["paying"],
    ["opening", "provider-news"],
    ["entry"],
    ["."],
  ],
  "durable-objects/feed": [["following"], ["webhooks"], ["."]],
  payments: [["."], ["health", "reconciliation", "stripe"], ["adyen", "routing"], ["providers"]],
  pricing: [["tax", "time", "services"], ["customs"], ["."], ["d1", "carriers", "duties", "flags"]],
  "workers/simulators": [
    ["control", "http"],
    ["webhooks"],
    ["stripe", "adyen", "unleash", "carriers", "duties"],
    ["."],
  ],
  "workers/simulators/stripe": [
    ...[
      ["intents"],
      ["wire"],
      ["api"],
      ["storage"],
      ["webhooks"],
      ["calls"],
      ["account"],
      ["doors"],
    ],
  ],
  "workers/simulators/adyen": [
    ...[["payments"], ["api"], ["storage"], ["calls"], ["webhooks"], ["account"], ["doors"]],
  ],
  scripts: [["machine"], ["building", "seed"], ["stack", "importing", "tiers"], ["."]],
  "workers/edge": [["gate"], ["asking", "reference"], ["routes"], ["."]],
  "workers/edge/reference": [["examples"], ["calls"], ["."]],
  "workers/storefront": [["browser"], ["state"], ["words"], ["ui"], ["."]],
  "workers/storefront/ui": [["parts"], ["payment"], ["shop", "checkout"], ["."]],
  "test/faults": [["witness"], ["troubles"], ["matrix"], ["shop"], ["scenarios"], ["."]],
  "test/model": [["sales", "platform"], ["providers"], ["search"], ["."]],
};

export const rooms: Rule = {
  name: "in a folder of rooms imports go down",
  check: (sources) => sources.filter(({ path }) => !isTest(path)).flatMap(climbs),
  planted: [
    plant("durable-objects/checkout/sale/x.ts", "../paying/pay.input.ts"),
    plant("durable-objects/checkout/view/x.ts", "../stock/cells.ts"),
    plant("durable-objects/checkout/after-sale/x.ts", "../checkout.object.ts"),
    plant("durable-objects/checkout/attic/x.ts", "../sale/checkout.ts"),
  ],
};

function climbs(source: Source): string[] {
  return Object.entries(floors).flatMap(([folder, levels]) => {
    const own = roomIn(folder, source.path);
    if (own === undefined) return [];
    const level = levelOf(levels, own);
    if (level < 0) return [`${source.path} lies in no room of ${folder}`];
    return importsOf(source)
      .map(({ from }) => ({ from, room: roomIn(folder, from) }))
      .filter(({ room }) => room !== undefined && room !== own)
      .filter(({ room }) => levelOf(levels, room ?? "") >= level)
      .map(({ from }) => `${source.path} imports ${from}`);
  });
}

/** The room of a folder that a file lies in; undefined when it lies elsewhere. */
function roomIn(folder: string, path: string): string | undefined {
  if (!path.startsWith(`${folder}/`)) return undefined;
  const [room, ...rest] = path.slice(folder.length + 1).split("/");
  return rest.length === 0 ? "." : room;
}

function levelOf(levels: readonly (readonly string[])[], room: string): number {
  return levels.findIndex((names) => names.includes(room));
}

function plant(path: string, from: string): readonly Source[] {
  return [{ path, text: `import type { X } from "${from}";` }];
}

const FILES_MAX = 20;
/** A flat list of nouns: whoever looks for one knows its name. */
const LISTS = ["schema"];

export const roomSizes: Rule = {
  name: `a folder has up to ${FILES_MAX} files of product code`,
  check: (sources) => {
    const counts = new Map<string, number>();
    for (const { path } of sources) {
      const folder = path.split("/").slice(0, -1).join("/");
      if (isTest(path) || LISTS.includes(folder) || /^test\b/.test(folder)) continue;
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
    }
    return [...counts]
      .filter(([, count]) => count > FILES_MAX)
      .map(([folder, count]) => `${folder} has ${count} files: it wants rooms`);
  },
  planted: [
    Array.from({ length: FILES_MAX + 1 }, (_, at) => ({ path: `orders/x-${at}.ts`, text: "" })),
  ],
};
