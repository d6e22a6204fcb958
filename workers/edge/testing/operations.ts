import { app } from "../app.ts";
import { openApi, operationsOf } from "../reference/openapi.ts";

/** Every call of the reference, by method and path. */
export const operations = operationsOf(openApi(app)).map(({ path, method, operation }) => ({
  ...{ method: method.toUpperCase(), path, operation },
  name: `${method.toUpperCase()} ${path}`,
}));
export type Operation = (typeof operations)[number];

/** Without those whose answer does not end. */
export const endingOperations = operations.filter(({ path }) => !path.endsWith("/stream"));
