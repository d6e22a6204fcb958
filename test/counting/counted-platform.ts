import { count, countSql, noteDeparture } from "./counts.ts";
import { newTurn, waitedFor } from "./turns.ts";

/** Counts what leaves the Worker: calls of objects, D1, queues, and the world outside. */

type AnyMethod = (...args: unknown[]) => unknown;
const watched = new WeakSet<object>();

/** Puts a counting method in an original's place, once for each prototype. */
function replaceOn(
  prototype: object,
  methods: Readonly<Record<string, (original: AnyMethod) => AnyMethod>>,
) {
  if (watched.has(prototype)) return;
  watched.add(prototype);
  const target = prototype as Record<string, AnyMethod>;
  for (const [name, replacement] of Object.entries(methods)) {
    const original = target[name];
    if (original) target[name] = replacement(original);
  }
}

/** For a test's own questions. */
export const fetchUncounted = globalThis.fetch.bind(globalThis);

globalThis.fetch = ((input: RequestInfo | URL, init?: RequestInit) => {
  const request = new Request(input, init);
  const path = new URL(request.url).pathname.replace(/\/pi_\w+/, "/{id}");
  count("outside", `${request.method} ${path}`);
  noteDeparture(`${request.method} ${path}`);
  return waitedFor(fetchUncounted(request));
}) as typeof fetch;

/** Watches all that these bindings reach. Those of one kind share their prototype. */
export function countPlatform(env: Env): void {
  for (const binding of Object.values(env as object as Record<string, object | string>)) {
    if (typeof binding === "string") continue;
    const prototype = Object.getPrototypeOf(binding) as object;
    // Asked of the prototype: a service's binding says of every name that it has it.
    if (Object.hasOwn(prototype, "idFromName")) {
      replaceOn(prototype, { get: calling, getByName: calling });
    }
    if (Object.hasOwn(prototype, "sendBatch")) {
      replaceOn(prototype, { send: sendingOne, sendBatch: sendingMany });
    }
    if (Object.hasOwn(prototype, "prepare")) countDatabase(binding as D1Database);
  }
}

/** A stub that notes when its calls leave and are answered. The object itself counts them. */
function calling(original: AnyMethod): AnyMethod {
  return function (this: unknown, ...args) {
    const stub = original.apply(this, args) as Record<string, AnyMethod>;
    return new Proxy(stub, {
      get(target, name) {
        const value = Reflect.get(target, name, target) as unknown;
        if (typeof name === "symbol" || typeof value !== "function") return value;
        // Not by its own "apply": that would be called over there.
        return (...rest: unknown[]) => {
          noteDeparture(name);
          return waitedFor(Reflect.apply(value as AnyMethod, target, rest) as PromiseLike<unknown>);
        };
      },
    });
  };
}

const sendingOne = (original: AnyMethod): AnyMethod =>
  function (this: unknown, ...args) {
    count("queues", "sends");
    count("queues", "messages");
    return waitedFor(original.apply(this, args) as PromiseLike<unknown>);
  };

const sendingMany = (original: AnyMethod): AnyMethod =>
  function (this: unknown, ...args) {
    const messages = [...(args[0] as Iterable<unknown>)];
    count("queues", "sends");
    count("queues", "messages", messages.length);
    return waitedFor(original.apply(this, [messages, ...args.slice(1)]) as PromiseLike<unknown>);
  };

type Meta = { readonly rows_read?: number; readonly rows_written?: number };
type Answered = { readonly meta?: Meta };

/** All statements of D1 go through one method of its session, alone or as a batch. */
function countDatabase(database: D1Database): void {
  const statement = database.prepare("SELECT 1");
  const session = Reflect.get(statement, "dbSession") as object;
  replaceOn(Object.getPrototypeOf(session) as object, {
    _send: (original) =>
      async function (this: unknown, ...args) {
        const [, query] = args;
        count("d1", Array.isArray(query) ? "batches" : "alone");
        count("d1", "statements", Array.isArray(query) ? query.length : 1);
        const texts = [query].flat().map((sql) => countSql("D1", String(sql)));
        const answer = await waitedFor(original.apply(this, args) as PromiseLike<unknown>);
        for (const [at, { meta }] of ([answer].flat() as Answered[]).entries()) {
          count("sqlRowsRead", texts[at] ?? "", meta?.rows_read ?? 0);
          count("sqlRowsWritten", texts[at] ?? "", meta?.rows_written ?? 0);
          count("d1", "rowsRead", meta?.rows_read ?? 0);
          count("d1", "rowsWritten", meta?.rows_written ?? 0);
        }
        return answer;
      },
  });
}

/** A request, or a batch of a queue, that the Worker itself is given. */
export function requested(what: string): void {
  newTurn();
  count("requests", what);
}
