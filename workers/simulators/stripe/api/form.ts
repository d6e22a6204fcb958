/** Stripe's form encoding, decoded: `a[b]=1`, `list[0]=x` and `list[]=x`. */

type FormValue = string | FormValue[] | { [name: string]: FormValue };
export type Form = { [name: string]: FormValue };

const DEPTH_MAX = 8; // nothing that Stripe documents nests deeper

/** Splits `a[b][0]` into `["a", "b", "0"]`. */
function pathOf(name: string): string[] {
  const open = name.indexOf("[");
  if (open <= 0 || !name.endsWith("]")) return [name];
  return [name.slice(0, open), ...name.slice(open + 1, -1).split("][")].slice(0, DEPTH_MAX);
}

function isListIndex(part: string): boolean {
  return part === "" || /^\d{1,3}$/.test(part);
}

function put(target: Form, path: readonly string[], value: string): void {
  const [head = "", ...rest] = path;
  if (rest.length === 0) {
    target[head] = value;
    return;
  }
  const existing = target[head];
  const inner: Form = typeof existing === "object" && !Array.isArray(existing) ? existing : {};
  target[head] = inner;
  const [next = "", ...deeper] = rest;
  // `list[]=` names no index: it takes the next one.
  const key = next === "" ? String(Object.keys(inner).length) : next;
  put(inner, [key, ...deeper], value);
}

/** Objects whose keys are all indexes were lists on the way in. */
function withLists(value: FormValue): FormValue {
  if (typeof value === "string" || Array.isArray(value)) return value;
  const keys = Object.keys(value);
  const decoded = keys.map((key): [string, FormValue] => [key, withLists(value[key] ?? "")]);
  if (keys.length > 0 && keys.every(isListIndex)) {
    return decoded.sort(([a], [b]) => Number(a) - Number(b)).map(([, item]) => item);
  }
  return Object.fromEntries(decoded);
}

/** Keys named like parts of a prototype are dropped, so that a body cannot reach one. */
const forbidden = new Set(["__proto__", "constructor", "prototype"]);

export function decodeForm(text: string): Form {
  const form: Form = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const path = pathOf(name);
    if (path.some((part) => forbidden.has(part))) continue;
    put(form, path, value);
  }
  for (const key of Object.keys(form)) {
    // Metadata may have numbers for keys and is never a list.
    if (key !== "metadata") form[key] = withLists(form[key] ?? "");
  }
  return form;
}

/** One text for one set of parameters, whatever order they came in. */
export function canonicalForm(text: string): string {
  return text.split("&").sort().join("&");
}
