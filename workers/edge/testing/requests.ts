import * as fc from "fast-check";
import { type Schema, spoiled, valuesOf } from "./from-schema.ts";
import type { OwnShop } from "./own-shop.ts";

/** A call as the reference has it, as far as requests are made of it. */
export type Call = {
  readonly path: string;
  readonly operation: { readonly parameters?: unknown; readonly requestBody?: unknown };
};
type Parameter = {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
};

/** A request that can be sent; its body still to be written as JSON. */
export type Made = {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

/** Requests of a call's form, the ids of things that exist among them; one in three has something wrong. */
export function requestsOf({ path, operation }: Call, own: OwnShop): fc.Arbitrary<Made> {
  const parameters = (operation.parameters ?? []) as readonly Parameter[];
  const inPath = parameters.filter((each) => each.in === "path");
  const segments = fc.record(
    Object.fromEntries(inPath.map((each) => [each.name, segmentOf(each, own)])),
  );
  const body = schemaOf(operation.requestBody);
  const bodies = body
    ? fc.oneof({ arbitrary: valuesOf(body), weight: 2 }, spoiled(valuesOf(body)))
    : fc.constant(undefined);
  const headers = fc.record({
    ...fieldsOf(parameters, "header"),
    "checkout-secret": fc.constantFrom("cs_guess", ""),
  });
  return fc
    .tuple(segments, optional(parameters, "query"), headers, bodies)
    .map(([named, query, sent, value]) => ({
      path: `${path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(named[name])))}${searchOf(query)}`,
      headers: headersOf(path, sent, own),
      ...(value === undefined ? {} : { body: value }),
    }));
}

function headersOf(
  path: string,
  sent: Record<string, unknown>,
  own: OwnShop,
): Record<string, string> {
  const { checkout, order } = own.secrets;
  const secret = path.startsWith("/v1/orders") ? order : checkout;
  const all = Object.entries({ "idempotency-key": crypto.randomUUID(), ...sent });
  return {
    ...Object.fromEntries(
      all
        .filter(([, value]) => /^[\x21-\x7e]*$/.test(String(value)))
        .map(([name, value]) => [name, String(value)]),
    ),
    ...(sent["checkout-secret"] === "" ? { "checkout-secret": secret } : {}),
  };
}

function segmentOf({ name, schema }: Parameter, own: OwnShop): fc.Arbitrary<unknown> {
  const known = { ...own, sku: "mug", country: "DE", secrets: undefined }[name];
  const made = valuesOf(schema).filter((value) => !/^\.{0,2}$/.test(String(value)));
  return known === undefined ? made : fc.oneof({ arbitrary: fc.constant(known), weight: 2 }, made);
}

function fieldsOf(parameters: readonly Parameter[], place: string) {
  const own = parameters.filter((each) => each.in === place);
  return Object.fromEntries(own.map(({ name, schema }) => [name, valuesOf(schema)]));
}

function optional(parameters: readonly Parameter[], place: string) {
  const required = parameters.filter((each) => each.in === place && each.required);
  return fc.record(fieldsOf(parameters, place), { requiredKeys: required.map(({ name }) => name) });
}

function searchOf(query: Record<string, unknown>): string {
  const search = new URLSearchParams(
    Object.entries(query).map(([name, value]) => [name, String(value)]),
  );
  return search.size === 0 ? "" : `?${search}`;
}

function schemaOf(body: unknown): Schema | undefined {
  const { content } = (body ?? {}) as { content?: Record<string, { schema?: Schema }> };
  return content?.["application/json"]?.schema;
}
