/** A part of V8's profile: a tree of frames, and which of them each sample met. */
export type Profile = {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
};
type ProfileNode = {
  readonly id: number;
  readonly children?: readonly number[];
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
  };
};

/** Not in JavaScript: V8 cannot tell native work between two calls from waiting for the next. */
const NOT_CODE = new Set(["(idle)", "(root)", "(program)"]);

/**
 * Milliseconds by source file, most first. What the runtime's own functions take (SQL, for one) counts for
 * the file that called them.
 */
export function msByFile(profile: Profile, bundled: string): [file: string, ms: number][] {
  const fileAt = filesOf(bundled);
  const fileOf = new Map<number, string>();
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const visit = (id: number, callersFile: string): void => {
    const node = nodes.get(id);
    if (!node) return;
    const file = fileOfFrame(node.callFrame, fileAt) ?? callersFile;
    fileOf.set(id, file);
    for (const child of node.children ?? []) visit(child, file);
  };
  visit(profile.nodes[0]?.id ?? 0, "(runtime)");
  const ms = new Map<string, number>();
  for (const [at, id] of profile.samples.entries()) {
    if (NOT_CODE.has(nodes.get(id)?.callFrame.functionName ?? "(root)")) continue;
    const file = fileOf.get(id) ?? "(runtime)";
    ms.set(file, (ms.get(file) ?? 0) + (profile.timeDeltas[at] ?? 0) / 1000);
  }
  return [...ms].sort(([, a], [, b]) => b - a);
}

function fileOfFrame(
  { functionName, url, lineNumber }: ProfileNode["callFrame"],
  fileAt: (line: number) => string,
): string | undefined {
  if (functionName === "(garbage collector)") return functionName;
  if (/(index|worker)\.js$/.test(url)) return fileAt(lineNumber);
  return url === "" ? undefined : url;
}

/** esbuild writes each module's path above it: `// orders/order-store.ts`. */
function filesOf(bundled: string): (line: number) => string {
  const starts: { readonly line: number; readonly file: string }[] = [];
  for (const [line, text] of bundled.split("\n").entries()) {
    const file = /^\s*\/\/ (\S+\.(?:[cm]?[jt]sx?|json))$/.exec(text)?.[1];
    if (file) starts.push({ line, file: packageOr(file) });
  }
  return (line) => starts.findLast((start) => start.line <= line)?.file ?? "(bundle's own)";
}

/** A library goes by its package's name. */
function packageOr(file: string): string {
  const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file) ?? [];
  return name ?? file.replace(/^(\.\.\/)+/, "");
}
