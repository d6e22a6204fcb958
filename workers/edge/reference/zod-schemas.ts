import type { OpenAPIHono, RouteConfig } from "@hono/zod-openapi";
import * as z from "zod";
import type { EdgeEnv } from "../gate/edge-env.ts";

type Schema = Record<string, unknown>;
type Described = { content?: Record<string, { schema?: unknown }> };
type Parameter = { readonly name: string; schema?: unknown };
type Operation = {
  requestBody?: unknown;
  responses?: Record<string, unknown>;
  parameters?: readonly unknown[];
};

/**
 * Puts in place of each schema of a call what zod itself says of it: OpenAPI 3.1 speaks JSON Schema 2020-12, as zod does. The
 * library beside it calls fields required that may be absent (`exactOptional`), writes a pattern's flags into the pattern,
 * and keeps one pattern where there are two.
 */
export function sayByZod(route: RouteConfig, operation: Operation): void {
  const { body, params, query, headers } = route.request ?? {};
  replace(body, operation.requestBody, "input");
  for (const [status, response] of Object.entries(route.responses)) {
    replace(response, operation.responses?.[status], "output");
  }
  const fields: Record<string, z.ZodType> = Object.assign(
    {},
    ...[params, query, headers].map(shapeOf),
  );
  for (const parameter of (operation.parameters ?? []) as readonly Parameter[]) {
    const field = fields[parameter.name];
    if (field) parameter.schema = said(field, "input");
  }
}

/** The routes of an app, each by its method and path. */
export function routesOf(app: OpenAPIHono<EdgeEnv>): ReadonlyMap<string, RouteConfig> {
  return new Map(
    app.openAPIRegistry.definitions.flatMap((definition) => {
      if (definition.type !== "route") return [];
      const { route } = definition;
      return [[`${route.method.toUpperCase()} ${route.path}`, route] as const];
    }),
  );
}

function shapeOf(fields: unknown): Record<string, z.ZodType> {
  return fields instanceof z.ZodObject ? fields.shape : {};
}

function replace(from: unknown, to: unknown, io: "input" | "output"): void {
  const contents = (to as Described | undefined)?.content ?? {};
  for (const [type, { schema }] of Object.entries((from as Described | undefined)?.content ?? {})) {
    const place = contents[type];
    if (place && schema instanceof z.ZodType) place.schema = said(schema, io);
  }
}

function said(schema: z.ZodType, io: "input" | "output"): Schema {
  const { $schema, ...json } = z.toJSONSchema(schema, {
    ...{ io, unrepresentable: "any" },
    override: ({ jsonSchema }) => {
      // Zod's own patterns of a day and a time know leap years, in four lines. Times are in UTC unless they say.
      if (jsonSchema.format === "date") delete jsonSchema.pattern;
      if (jsonSchema.format === "date-time" && jsonSchema.pattern?.endsWith("(?:Z))$")) {
        jsonSchema.pattern = "Z$";
      }
    },
  });
  return json;
}
