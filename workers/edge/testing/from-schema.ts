import * as fc from "fast-check";

/** As much of JSON Schema as the reference speaks. */
export type Schema = {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly format?: string;
};

const ITEMS_MAX = 3; // a long list finds nothing that a short one does not
const LENGTH_MAX = 80;

/** Values of a schema's form. */
export function valuesOf(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choice = schema.anyOf ?? schema.oneOf;
  if (choice && !schema.properties) return fc.oneof(...choice.map(valuesOf));
  switch (schema.type) {
    case "string":
      return textsOf(schema);
    case "integer":
      return integersOf(schema);
    case "number":
      return fc.double({ noNaN: true });
    case "boolean":
      return fc.boolean();
    case "array":
      return fc.array(valuesOf(schema.items ?? {}), {
        minLength: Math.min(schema.minItems ?? 0, ITEMS_MAX),
        maxLength: Math.min(schema.maxItems ?? ITEMS_MAX, ITEMS_MAX),
      });
    case "object":
      return objectsOf(schema);
    default:
      return fc.jsonValue();
  }
}

/** Small ones mostly: what exists is numbered from one. */
function integersOf({ minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: Schema) {
  const small = fc.maxSafeNat().map((n) => minimum + (n % Math.min(20, maximum - minimum + 1)));
  return fc.oneof(small, fc.bigInt(BigInt(minimum), BigInt(maximum)).map(Number));
}

function objectsOf({ properties = {}, required = [], ...rest }: Schema): fc.Arbitrary<unknown> {
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, field]) => [name, valuesOf(field)]),
  );
  const known = fc.record(fields, { requiredKeys: [...required], noNullPrototype: true });
  const { additionalProperties, propertyNames } = rest;
  if (typeof additionalProperties !== "object") return known;
  const more = fc.dictionary(textsOf(propertyNames ?? {}), valuesOf(additionalProperties), {
    ...{ maxKeys: 2, noNullPrototype: true },
  });
  return fc.tuple(known, more).map(([one, other]) => ({ ...other, ...one }));
}

/** Words that the seeded shop knows, and some that only look right. */
const words = [
  ...["mug", "EUR", "USD", "ZZZ", "DE", "US", "AQ", "eu", "ada@example.com", "jörg@müller.example"],
  ...["Größe|L+", "M8/20 & Co #4", "WELCOME10", "https://shop.example/back", "pm_visa", "1", "Z"],
  ...["2026-11-27T00:00:00.000Z", "2026-11-27T00:00:00+01:00", "2026-11-27T00:00", "2026-11-27"],
  ...[
    "4J7Q-0W1N-QK6C",
    "standard",
    "chk_eu_0123456789abcdefghjkmnpqrs",
    "0000000001",
    "12345678909",
  ],
  ...["crt_eu_0123456789abcdefghjkmnpqrs", "ord_eu_0123456789abcdefghjkmnpqrs", "0~x", "demo"],
  ...["", " ", "\u0000", "\ud83d\ude00", "e\u0301", "__proto__", "constructor", "../..", "%2e%2e"],
  `whe_${"0".repeat(32)}`,
];

function textsOf({ enum: names, pattern, format, minLength = 0, maxLength = LENGTH_MAX }: Schema) {
  if (names) return fc.constantFrom(...names.map(String));
  const form = new RegExp(pattern ?? "", "u");
  const fits = (text: string) =>
    form.test(text) && text.length <= maxLength && text.length >= minLength;
  const known = words.filter((word) => fits(word) && (format === undefined || word !== ""));
  const made = fc.string({
    minLength,
    maxLength: Math.min(maxLength, LENGTH_MAX),
    unit: "grapheme",
  });
  const simple = pattern && !/\\p|\(\?[!=]/.test(pattern) && format === undefined;
  const free = simple ? fc.stringMatching(new RegExp(pattern)) : made;
  return known.length === 0 ? free : fc.oneof(fc.constantFrom(...known), free);
}

/** The same values with something wrong in them: a field that is not known, one of another type, one that is missing. */
export function spoiled(values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const junk = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom<unknown>(
      null,
      -1,
      1e308,
      "",
      [],
      {},
      "x".repeat(5_000),
      Number.MAX_SAFE_INTEGER,
    ),
  );
  return fc
    .tuple(values, fc.nat(), junk, fc.constantFrom(...names))
    .map(([value, at, wrong, name]) => {
      if (typeof value !== "object" || value === null) return wrong;
      const keys = Object.keys(value);
      const key = at % 3 === 0 ? name : (keys[at % Math.max(1, keys.length)] ?? name);
      const changed = Array.isArray(value)
        ? [...value, wrong]
        : Object.entries({ ...value, [key]: wrong });
      return Array.isArray(value) ? changed : Object.fromEntries(changed as [string, unknown][]);
    });
}

const names = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "status",
  "shopId",
  "length",
  "then",
];
