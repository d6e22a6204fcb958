import { expect, test } from "vitest";
import * as z from "zod";
import { app } from "./app.ts";
import { calls } from "./reference/calls/noted-calls.ts";

/** Every route that takes a body, with the reference's example of one. */
const taking = app.openAPIRegistry.definitions.flatMap((definition) => {
  if (definition.type !== "route") return [];
  const { method, path, request, responses } = definition.route;
  const name = `${method.toUpperCase()} ${path}`;
  const schema = schemaIn(request?.body);
  const answers = Object.values(responses).flatMap((response) => schemaIn(response) ?? []);
  return schema ? [{ name, schema, answers, example: calls[name]?.body }] : [];
});

test("every route that takes a body has an example of one", () => {
  expect(taking.filter(({ example }) => example === undefined).map(({ name }) => name)).toEqual([]);
});

test.each(taking)(
  "no field that only the platform may write is taken: $name",
  ({ schema, example, answers }) => {
    expect(schema.safeParse(example).success).toBe(true);
    const names = new Set([
      ...answers.flatMap((answer) => namesIn(z.toJSONSchema(answer, LOOSELY))),
      ...HIDDEN,
    ]);
    const own = new Set(namesIn(z.toJSONSchema(schema, LOOSELY)));
    const foreign = [...names].filter((name) => !own.has(name));
    const taken = placesIn(example).flatMap((place) =>
      foreign
        .filter((name) => schema.safeParse(withField(example, place, name)).success)
        .map((name) => [...place, name].join(".")),
    );
    expect(taken).toEqual([]);
  },
);

/** What the platform keeps and shows to nobody. */
const HIDDEN = [
  "shopId",
  "clientSecret",
  "isMerchant",
  "region",
  "status",
  "version",
  "hash",
  "price",
  "amountMinor",
  "unitAmount",
  "paid",
  "total",
  "discount",
];
const LOOSELY = { unrepresentable: "any", io: "input" } as const;

type Place = readonly (string | number)[];

/** Each object within a value, by where it stands. */
function placesIn(value: unknown, at: Place = []): readonly Place[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, each]) =>
    placesIn(each, [...at, Array.isArray(value) ? Number(key) : key]),
  );
  return Array.isArray(value) ? inner : [at, ...inner];
}

function withField(value: unknown, [first, ...rest]: Place, name: string): unknown {
  if (first === undefined) return { ...(value as object), [name]: 1 };
  if (Array.isArray(value))
    return value.map((each, at) => (at === first ? withField(each, rest, name) : each));
  const object = value as Record<string, unknown>;
  return { ...object, [first]: withField(object[first], rest, name) };
}

/** The names of all properties that a schema knows. */
function namesIn(schema: unknown): readonly string[] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) =>
    key === "properties"
      ? [...Object.keys(value), ...Object.values(value).flatMap(namesIn)]
      : namesIn(value),
  );
}

function schemaIn(part: unknown): z.ZodType | undefined {
  const { content } = (part ?? {}) as { content?: Record<string, { schema?: unknown }> };
  const { schema } = Object.values(content ?? {})[0] ?? {};
  return schema instanceof z.ZodType ? schema : undefined;
}
