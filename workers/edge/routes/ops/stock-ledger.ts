import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { Sku } from "../../../../schema/ids.ts";
import { isRefusal } from "../../../../schema/outcome.ts";
import { refuse } from "../../../../schema/refusals.ts";
import { StockCells, StockLedger, StockMove, StockPool } from "../../../../schema/stock.ts";
import { ask } from "../../asking/ask.ts";
import { Stockroom } from "../../asking/stockroom.ts";
import { json, jsonBody, newApi, on, problemAnswer } from "../../gate/api.ts";
import { problem } from "../../gate/problem.ts";

const ledgerAnswer = { 200: json(StockLedger, "The ledger."), default: problemAnswer };

const move = createRoute({
  method: "post",
  path: "/ops/stock/moves",
  summary: "Send free pieces to another region or cell. They are in transit until they arrive.",
  request: { body: jsonBody(StockMove) },
  responses: { 202: json(StockMove, "They have left."), default: problemAnswer },
});

const split = createRoute({
  method: "post",
  path: "/ops/stock/cells",
  summary: "Split a region's stock of a SKU into cells, for more sales a second than one takes.",
  request: { body: jsonBody(StockCells) },
  responses: {
    202: json(StockCells, "Its cells; pieces spread by themselves."),
    default: problemAnswer,
  },
});

const pool = createRoute({
  method: "post",
  path: "/ops/stock/pools",
  summary: "Let regions that run low be given pieces from regions that have more, or stop that.",
  request: { body: jsonBody(StockPool) },
  responses: ledgerAnswer,
});

const ledger = createRoute({
  method: "get",
  path: "/ops/stock-ledger/{sku}",
  summary: "Read which region may sell how many, what is in transit, and what did not add up.",
  request: { params: z.object({ sku: Sku }) },
  responses: ledgerAnswer,
});

const reconcile = createRoute({
  method: "post",
  path: "/ops/stock-ledger/{sku}/reconcile",
  summary: "Compare all regions with the ledger now; report and repair what differs.",
  request: { params: z.object({ sku: Sku }) },
  responses: ledgerAnswer,
});

export const stockLedger = newApi();

on(stockLedger, move, async (c) => {
  const wish = c.req.valid("json");
  const { sku, from, to, quantity, movementId } = wish;
  const room = new Stockroom(c, sku);
  if (!(await room.has(from, to))) return problem(c, refuse("not_found"));
  const book = await room.ledger();
  const answer = await ask(() => book.move({ token: movementId, from, to, quantity }));
  return isRefusal(answer) ? problem(c, answer) : c.json(wish, 202);
});

on(stockLedger, split, async (c) => {
  const wish = c.req.valid("json");
  const book = await new Stockroom(c, wish.sku).ledger();
  return c.json({ ...wish, cells: await ask(() => book.spread(wish)) }, 202);
});

on(stockLedger, pool, async (c) => {
  const { sku, pooled } = c.req.valid("json");
  const book = await new Stockroom(c, sku).ledger();
  return c.json(await ask(() => book.pool(pooled)), 200);
});

on(stockLedger, ledger, async (c) => {
  const book = await new Stockroom(c, c.req.valid("param").sku).ledger();
  return c.json(await ask(() => book.read()), 200);
});

on(stockLedger, reconcile, async (c) => {
  const book = await new Stockroom(c, c.req.valid("param").sku).ledger();
  return c.json(await ask(() => book.reconcile()), 200);
});
