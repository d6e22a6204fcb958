import type { DurableObject } from "cloudflare:workers";
import { count, countLater, countSql, noteAnswer, noteSize } from "./counts.ts";
import { newTurn, presentTurn } from "./turns.ts";

type Base = new (ctx: DurableObjectState, env: Env) => DurableObject<Env>;
type Method = (...args: unknown[]) => unknown;

type Owner = { readonly name: string; readonly id: string; committedIn: number };
const owners = new WeakMap<SqlStorage | DurableObjectStorage, Owner>();

/** The same class, with every call of it and all that it does to its storage counted under its name. */
export function countedObject(name: string, base: Base): Base {
  const counted = class extends base {
    constructor(ctx: DurableObjectState, env: Env) {
      own(ctx, name);
      super(ctx, env);
    }
  };
  for (const method of methodsOf(base)) {
    const body = function (this: unknown, ...args: unknown[]): unknown {
      // Looked up anew: a test may have put another in its place.
      const original = (base.prototype as Record<string, Method>)[method];
      return answered(name, method, () => original?.apply(this, args));
    };
    Object.defineProperty(counted.prototype, method, { value: body, configurable: true });
  }
  return counted;
}

function methodsOf(base: Base): string[] {
  const all = Object.entries(Object.getOwnPropertyDescriptors(base.prototype));
  return all
    .filter(([name, { value }]) => name !== "constructor" && typeof value === "function")
    .map(([name]) => name);
}

function answered(name: string, method: string, work: () => unknown): unknown {
  newTurn();
  count("calls", `${name}.${method}`);
  const startMs = Date.now();
  const done = <T>(value: T): T => {
    count("activeMs", name, Date.now() - startMs);
    noteAnswer(`${name}.${method}`);
    return value;
  };
  const result = work();
  return result instanceof Promise ? result.then(done) : done(result);
}

function own({ id, storage }: DurableObjectState, name: string): void {
  const owner: Owner = { name, id: `${name} ${id}`, committedIn: -1 };
  owners.set(storage, owner).set(storage.sql, owner);
  countStatements(Object.getPrototypeOf(storage.sql) as SqlStorage);
  countAlarms(Object.getPrototypeOf(storage) as DurableObjectStorage);
}

const watched = new WeakSet<object>();

function isNew(prototype: object): boolean {
  if (watched.has(prototype)) return false;
  watched.add(prototype);
  return true;
}

function countStatements(prototype: SqlStorage): void {
  if (!isNew(prototype)) return;
  const { exec } = prototype;
  prototype.exec = function (this: SqlStorage, ...args: Parameters<SqlStorage["exec"]>) {
    const cursor = exec.apply(this, args);
    const owner = owners.get(this);
    if (owner) countStatement(owner, args[0], { cursor, storage: this });
    return cursor;
  } as SqlStorage["exec"];
}

type Cursor = ReturnType<SqlStorage["exec"]>;

type Executed = { readonly cursor: Cursor; readonly storage: SqlStorage };

function countStatement(owner: Owner, sql: string, { cursor, storage }: Executed): void {
  count("statements", owner.name);
  if (cursor.rowsWritten > 0) {
    commits(owner);
    noteSize(owner.name, owner.id, storage.databaseSize);
  }
  const what = `${owner.name}: ${statementName(sql)}`;
  const text = countSql(owner.name, sql);
  countLater(() => {
    count("rowsRead", what, cursor.rowsRead);
    count("rowsWritten", what, cursor.rowsWritten);
    count("sqlRowsRead", text, cursor.rowsRead);
    count("sqlRowsWritten", text, cursor.rowsWritten);
  });
}

/** What a statement does to which table; what makes tables goes by one name. */
export function statementName(sql: string): string {
  if (/^\s*(CREATE|ALTER|DROP)\b/i.test(sql)) return "schema";
  const [, verb = "SELECT", table = "nothing"] =
    /\b(INSERT(?: OR \w+)? INTO|UPDATE(?: OR \w+)?|DELETE FROM|FROM)\s+["`]?(\w+)/i.exec(sql) ?? [];
  const name = verb.toUpperCase() === "FROM" ? "SELECT" : verb.toUpperCase();
  return `${name} ${table}`;
}

function countAlarms(prototype: DurableObjectStorage): void {
  if (!isNew(prototype)) return;
  for (const name of ["setAlarm", "deleteAlarm"] as const) {
    const original = prototype[name] as Method;
    prototype[name] = function (this: DurableObjectStorage, ...args: unknown[]) {
      const owner = owners.get(this);
      if (owner) {
        count("alarms", `${owner.name}.${name}`);
        commits(owner); // an alarm is a row of the object's own
      }
      return original.apply(this, args);
    } as DurableObjectStorage[typeof name];
  }
}

function commits(owner: Owner): void {
  if (owner.committedIn === presentTurn()) return;
  owner.committedIn = presentTurn();
  count("commits", owner.name);
}
