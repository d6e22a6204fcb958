import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { Sku } from "../../../../schema/ids.ts";
import { isRefusal } from "../../../../schema/outcome.ts";
import { refuse } from "../../../../schema/refusals.ts";
import { RegionCode } from "../../../../schema/regions.ts";
import {
  CellLevels,
  StockCorrection,
  StockCount,
  StockLastResort,
  StockLevels,
  StockLimits,
  StockMovement,
  StockReceipt,
} from "../../../../schema/stock.ts";
import { ask } from "../../asking/ask.ts";
import { Stockroom, summed } from "../../asking/stockroom.ts";
import { json, jsonBody, newApi, on, problemAnswer } from "../../gate/api.ts";
import { problem } from "../../gate/problem.ts";

const levelsAnswer = { 200: json(StockLevels, "The levels after it."), default: problemAnswer };
const place = z.object({ region: RegionCode, sku: Sku });

const receive = createRoute({
  method: "post",
  path: "/ops/stock",
  summary: "Book pieces that arrived. The same movementId counts once.",
  request: { body: jsonBody(StockReceipt) },
  responses: levelsAnswer,
});

const correct = createRoute({
  method: "post",
  path: "/ops/stock/corrections",
  summary: "Book a count that found more or fewer pieces. What is promised cannot be taken away.",
  request: { body: jsonBody(StockCorrection) },
  responses: levelsAnswer,
});

const count = createRoute({
  method: "post",
  path: "/ops/stock/counts",
  summary: "Take stock: say what stands in the house, and the difference is booked.",
  request: { body: jsonBody(StockCount) },
  responses: levelsAnswer,
});

const limit = createRoute({
  method: "post",
  path: "/ops/stock/limits",
  summary: "Limit what one shopper, and what all together, may hold of a SKU without paying.",
  request: { body: jsonBody(StockLimits) },
  responses: { 200: json(StockLimits, "The limits from now on."), default: problemAnswer },
});

const lend = createRoute({
  method: "post",
  path: "/ops/stock/last-resort",
  summary: "Let a fallback region sell a SKU that is sold out here, as a longer delivery.",
  request: { body: jsonBody(StockLastResort) },
  responses: { 200: json(StockLastResort, "Who may, from now on."), default: problemAnswer },
});

const levels = createRoute({
  method: "get",
  path: "/ops/stock/{region}/{sku}",
  summary: "Read one SKU's stock in one region.",
  request: { params: place },
  responses: { 200: json(StockLevels, "The levels."), default: problemAnswer },
});

const cells = createRoute({
  method: "get",
  path: "/ops/stock/{region}/{sku}/cells",
  summary: "Read one SKU's stock in one region, cell by cell, with the sums of its movements.",
  request: { params: place },
  responses: {
    200: json(z.object({ cells: z.array(CellLevels) }), "The levels of each cell."),
    default: problemAnswer,
  },
});

const movements = createRoute({
  method: "get",
  path: "/ops/stock/{region}/{sku}/movements",
  summary: "Read the history of one SKU's stock in one region, the newest first.",
  request: {
    params: place,
    query: z.strictObject({
      since: z.iso.datetime().optional(),
      before: z.iso.datetime().optional(),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
  },
  responses: {
    200: json(z.object({ movements: z.array(StockMovement) }), "Its movements."),
    default: problemAnswer,
  },
});

export const stock = newApi();

on(stock, receive, async (c) => {
  const { region, sku, quantity, movementId } = c.req.valid("json");
  const room = new Stockroom(c, sku);
  const cell = room.cell({ region, cell: 0 });
  const answer = await ask(() => cell.receive({ token: movementId, quantity }));
  if (isRefusal(answer)) return problem(c, answer);
  await room.tell({ region, cell: 0 });
  return c.json(answer, 200);
});

on(stock, correct, async (c) => {
  const { region, sku, cell, quantity, movementId } = c.req.valid("json");
  const room = new Stockroom(c, sku);
  if (!(await room.has({ region, cell }))) return problem(c, refuse("not_found"));
  const shelf = room.cell({ region, cell });
  const answer = await ask(() => shelf.correct({ token: movementId, quantity }));
  if (isRefusal(answer)) return problem(c, answer);
  await room.tell({ region, cell });
  return c.json(answer, 200);
});

on(stock, count, async (c) => {
  const { region, sku, cell, counted, movementId } = c.req.valid("json");
  const room = new Stockroom(c, sku);
  if (!(await room.has({ region, cell }))) return problem(c, refuse("not_found"));
  const shelf = room.cell({ region, cell });
  const answer = await ask(() => shelf.count({ token: movementId, counted }));
  if (isRefusal(answer)) return problem(c, answer);
  await room.tell({ region, cell });
  return c.json(answer, 200);
});

on(stock, limit, async (c) => {
  const limits = c.req.valid("json");
  const { sku, region, shopperMax, unpaidMaxPercent } = limits;
  const terms = { shopper_max: shopperMax, unpaid_max_percent: unpaidMaxPercent };
  const shelves = await new Stockroom(c, sku).cells(region);
  await Promise.all(shelves.map((shelf) => ask(() => shelf.agree(terms))));
  return c.json(limits, 200);
});

on(stock, lend, async (c) => {
  const wish = c.req.valid("json");
  const shelves = await new Stockroom(c, wish.sku).cells(wish.region);
  await Promise.all(shelves.map((shelf) => ask(() => shelf.agree({ last_resort: wish.from }))));
  return c.json(wish, 200);
});

on(stock, levels, async (c) => {
  const { region, sku } = c.req.valid("param");
  const shelves = await new Stockroom(c, sku).cells(region);
  return c.json(
    summed<StockLevels>(await Promise.all(shelves.map((shelf) => ask(() => shelf.levels())))),
    200,
  );
});

on(stock, cells, async (c) => {
  const { region, sku } = c.req.valid("param");
  const shelves = await new Stockroom(c, sku).cells(region);
  const books = await Promise.all(shelves.map((shelf) => ask(() => shelf.book())));
  return c.json(
    { cells: books.map((book, cell) => ({ cell, ...book.levels, movements: book.movements })) },
    200,
  );
});

on(stock, movements, async (c) => {
  const { region, sku } = c.req.valid("param");
  const { since, before, limit } = c.req.valid("query");
  const sinceMs = since ? Date.parse(since) : 0;
  const beforeMs = before ? Date.parse(before) : Number.MAX_SAFE_INTEGER;
  return c.json(
    { movements: await new Stockroom(c, sku).movements(region, { sinceMs, beforeMs, limit }) },
    200,
  );
});
