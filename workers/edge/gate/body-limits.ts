const DEPTH_MAX = 32; // no body of ours has more than five levels; what follows recurses
const MEMBERS_MAX = 10_000; // the densest batch of products that a body can hold has two thirds of them

/**
 * Why a body cannot be one of this API's, whatever the call: it would cost too much to look at, or holds text that no
 * store keeps as it came. Undefined where it may be.
 */
export function whyNoBody(body: unknown): string | undefined {
  let level: readonly unknown[] = [body];
  let members = 0;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEPTH_MAX) return `it is nested deeper than ${DEPTH_MAX} levels`;
    const below: unknown[] = [];
    for (const value of level) {
      if (typeof value === "string" && !isPlainText(value)) return NO_TEXT;
      if (typeof value !== "object" || value === null) continue;
      for (const key of Object.keys(value)) {
        if (++members > MEMBERS_MAX) return `it has more than ${MEMBERS_MAX} members`;
        // zod passes over it, and what merges objects takes it for their prototype.
        if (key === "__proto__") return "a field is called __proto__";
        if (!isPlainText(key)) return NO_TEXT;
        below.push((value as Record<string, unknown>)[key]);
      }
    }
    level = below;
  }
  return undefined;
}

const NO_TEXT = "a text holds half a character or U+0000";

function isPlainText(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}
