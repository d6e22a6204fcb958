import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { type RefusalCode, refusals } from "../../../schema/refusals.ts";
import { IDEMPOTENCY_KEY, PROBLEM_JSON, SECRET } from "../gate/api.ts";
import { doorOf, type doors } from "../gate/doors.ts";
import type { EdgeEnv } from "../gate/edge-env.ts";
import { Problem, problemDocument } from "../gate/problem.ts";
import type { CallNotes } from "./calls/call-notes.ts";
import { calls } from "./calls/noted-calls.ts";
import { routesOf, sayByZod } from "./zod-schemas.ts";

const info = {
  title: "Tender",
  version: "1",
  description:
    "Cart to cash, with nothing lost and nobody charged twice.\n\n" +
    "Money is `{ amountMinor, currency }`, in the currency's minor unit. Every POST that changes a " +
    "sale takes an `Idempotency-Key`: its scope is shop, home region and route; repeat a call " +
    "with the same key until it is answered, and use a new key for a new intent. A replayed " +
    "answer carries `Idempotent-Replayed: true`.\n\n" +
    "A refusal is `application/problem+json`: `code` says why, `then` what you can do. " +
    "[All of them](/docs/problems). A method that an address has not is `405` with `Allow`.",
};

/** In the order in which a sale meets them. */
const tags = [
  { name: "products", description: "What the shop sells." },
  { name: "carts", description: "What a shopper wants; two tabs share one." },
  { name: "customer-tokens", description: "How a browser proves who has logged in at the shop." },
  { name: "checkouts", description: "One sale: quoted, held, paid, watched." },
  { name: "orders", description: "What became of it." },
  { name: "withdrawals", description: "Where a guest withdraws from a contract." },
  { name: "webhook-endpoints", description: "Where a merchant's systems hear of events." },
  { name: "ops", description: "Catalogue, stock, feeds, dead letters and dumps, for operators." },
  { name: "webhooks", description: "Where providers report." },
  { name: "healthz", description: "For load balancers." },
];

const securitySchemes = {
  publishable: bearer("pk_…: what a storefront may do. Shoppers see it."),
  secret: bearer("sk_…: what the merchant's own systems may do."),
  operator: bearer("op_…: stock, dumps and what else runs the shop."),
  checkoutSecret: {
    type: "apiKey",
    in: "header",
    name: "Checkout-Secret",
    description: "The `clientSecret` of the create's answer. A secret key needs none.",
  },
} as const;

type Document = ReturnType<OpenAPIHono<EdgeEnv>["getOpenAPI31Document"]>;
type Place = ReturnType<typeof operationsOf>[number];
type Operation = Place["operation"];

/** The reference of every registered route, its keys and its refusals. Generated, so it is true. */
export function openApi(app: OpenAPIHono<EdgeEnv>): Document {
  const document = app.getOpenAPI31Document({ openapi: "3.1.0", info, tags });
  const routes = routesOf(app);
  for (const place of operationsOf(document)) {
    const route = routes.get(`${place.method.toUpperCase()} ${place.path}`);
    if (route) sayByZod(route, place.operation);
    complete(place);
  }
  const { $schema, ...problem } = z.toJSONSchema(Problem);
  const schemas = { ...document.components?.schemas, Problem: problem };
  return {
    ...document,
    components: { ...document.components, schemas, securitySchemes },
  } as Document;
}

export function operationsOf(document: Document) {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    (["get", "post", "put", "patch", "delete"] as const).flatMap((method) => {
      const operation = item[method];
      return operation ? [{ path, method, operation }] : [];
    }),
  );
}

function complete({ path, method, operation }: Place): void {
  const notes = calls[`${method.toUpperCase()} ${path}`] ?? {};
  const door = doorOf(path);
  const headers = (operation.parameters ?? []).map((each) => ("name" in each ? each.name : ""));
  operation.tags = [path.split("/")[path.startsWith("/v1/") ? 2 : 1] ?? ""];
  operation.security = door ? securityOf(door, headers.includes(SECRET)) : [];
  // The scheme tells it; as a header of its own it would be asked for twice.
  operation.parameters = (operation.parameters ?? []).filter(
    (each) => !("name" in each && each.name === SECRET),
  );
  const codes = new Set<RefusalCode>(notes.refuses);
  const bring = (when: unknown, ...more: readonly RefusalCode[]) => {
    if (when) for (const code of more) codes.add(code);
  };
  bring(headers.length > 0 || operation.requestBody, "invalid_request");
  bring(
    operation.requestBody,
    "malformed_json",
    "json_expected",
    "payload_too_large",
    "card_data_refused",
  );
  bring(headers.includes(IDEMPOTENCY_KEY), "idempotency_key_missing", "idempotency_key_reused");
  bring(door, "unauthorized", "forbidden", "header_too_large");
  bring(path.includes("{"), "not_found");
  bring(true, "internal", "unavailable");
  const { default: _default, ...answers } = operation.responses ?? {};
  operation.responses = { ...answers, ...problemsBy([...codes]) };
  exemplify(operation, notes);
}

/** Puts the examples beside the schemas that they are held against. */
function exemplify({ requestBody, responses = {} }: Operation, { body, answers = {} }: CallNotes) {
  const contents = (of: unknown) => Object.values((of as { content?: object })?.content ?? {});
  for (const content of contents(requestBody)) if (body) content.example = body;
  for (const [status, answer] of Object.entries(answers)) {
    for (const content of contents(responses[status])) content.example = answer;
  }
}

/** A shopper's call is made with a publishable key and the secret, or with a secret key alone. */
function securityOf({ keys }: (typeof doors)[number], isSecretAsked: boolean) {
  return keys.map((kind) =>
    kind === "publishable" && isSecretAsked
      ? { publishable: [], checkoutSecret: [] }
      : { [kind]: [] },
  );
}

/** One response per status, with an example per code. */
function problemsBy(codes: readonly RefusalCode[]) {
  const statuses = [...new Set(codes.map((code) => refusals[code].status))];
  return Object.fromEntries(
    statuses.map((status) => {
      const own = codes.filter((code) => refusals[code].status === status);
      const examples = Object.fromEntries(
        own.map((code) => [
          code,
          { summary: code, value: problemDocument({ refused: code }, "8f2c41d6") },
        ]),
      );
      const schema = { $ref: "#/components/schemas/Problem" };
      const description = own.map((code) => `\`${code}\` ${refusals[code].sentence}`).join("\n\n");
      return [status, { description, content: { [PROBLEM_JSON]: { schema, examples } } }];
    }),
  );
}

function bearer(description: string) {
  return { type: "http", scheme: "bearer", description } as const;
}
