import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import { customerReferenceOf } from "../../../../durable-objects/pseudonym.ts";
import { orderStoreOf } from "../../../../orders/region-order-store.ts";
import {
  OrderList,
  OrderSearch,
  RebuildOrders,
  RebuiltOrders,
  WantedOrders,
} from "../../../../schema/order-list.ts";
import { refuse } from "../../../../schema/refusals.ts";
import {
  bookmarkHeader,
  ORDER_BOOKMARK,
  orderPage,
  readBookmarks,
} from "../../asking/order-pages.ts";
import { json, jsonBody, newApi, on, problemAnswer } from "../../gate/api.ts";
import { requireKey } from "../../gate/auth.ts";
import type { EdgeEnv } from "../../gate/edge-env.ts";
import { problem } from "../../gate/problem.ts";

const headers = z.object({
  [ORDER_BOOKMARK]: z
    .string()
    .max(500)
    .refine((header) => readBookmarks(header), "not an Order-Bookmark of this API")
    .optional()
    .describe("of an earlier answer: what is read now is not older than that"),
});

const wanted = createRoute({
  method: "get",
  path: "/orders",
  summary:
    "One customer's orders, newest first, or the one of an order number. Needs a secret key.",
  request: { query: WantedOrders, headers },
  responses: { 200: json(OrderList, "A page of orders."), default: problemAnswer },
});

const search = createRoute({
  method: "get",
  path: "/ops/orders",
  summary: "Find orders by their facts and their time, newest first.",
  request: { query: OrderSearch, headers },
  responses: { 200: json(OrderList, "A page of orders."), default: problemAnswer },
});

const rebuild = createRoute({
  method: "post",
  path: "/ops/orders/rebuild",
  summary: "Write the rows of the next orders of a region anew from the log of their events.",
  request: { body: jsonBody(RebuildOrders) },
  responses: {
    200: json(RebuiltOrders, "How many, and where it goes on."),
    default: problemAnswer,
  },
});

export const orderLists = newApi();
orderLists.use("/orders", requireKey("secret", "operator"));

on(orderLists, wanted, (c) => {
  const { customerId, orderNumber, region, cursor: after, limit } = c.req.valid("query");
  const { shopId } = c.var.apiKey;
  if (orderNumber !== undefined) {
    return listed(c, { region, limit }, (store, most, home) =>
      store.ordersNumbered(shopId, { region: home, orderNumber, limit: most }),
    );
  }
  const customerReference = customerReferenceOf(c.env.ID_KEY, shopId, customerId ?? "");
  return listed(c, { region, limit }, (store, most) =>
    store.ordersOfCustomer(shopId, { customerReference, after, limit: most }),
  );
});

on(orderLists, search, (c) => {
  const { region, since, until, cursor: after, limit, ...facts } = c.req.valid("query");
  const { shopId } = c.var.apiKey;
  const sinceMs = since === undefined ? undefined : Date.parse(since);
  const untilMs = until === undefined ? undefined : Date.parse(until);
  return listed(c, { region, limit }, (store, wanted) =>
    store.searchOrders(shopId, { ...facts, sinceMs, untilMs, after, limit: wanted }),
  );
});

on(orderLists, rebuild, async (c) => {
  const { region, ...page } = c.req.valid("json");
  const store = orderStoreOf(c.env, region);
  const done = await unlessAway(() => store.rebuild(c.var.apiKey.shopId, page));
  if (!done) return problem(c, refuse("unavailable"));
  const { rebuilt, next } = done;
  return c.json(next === undefined ? { rebuilt } : { rebuilt, next }, 200);
});

type Wanted = Pick<Parameters<typeof orderPage>[1], "region" | "limit">;

async function listed(
  c: Context<EdgeEnv>,
  wanted: Wanted,
  read: Parameters<typeof orderPage>[2],
): Promise<Response> {
  const bookmarks = readBookmarks(c.req.header(ORDER_BOOKMARK)) ?? {};
  const page = await unlessAway(() => orderPage(c.env, { ...wanted, bookmarks }, read));
  if (!page) return problem(c, refuse("unavailable"));
  const header = bookmarkHeader(page.bookmarks);
  if (header !== undefined) c.header(ORDER_BOOKMARK, header);
  return c.json(page.list, 200);
}

/** Undefined when a store cannot be read now: that passes, and nothing was lost. */
async function unlessAway<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (problem) {
    console.error({ event: "edge.store_away", problem: String(problem) });
    return undefined;
  }
}
