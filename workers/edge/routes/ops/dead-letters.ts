import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import {
  DeadLetterInFull,
  DeadLetterList,
  DeadLetterView,
  DiscardLetter,
  LetterId,
  RedriveLetters,
  Redriven,
} from "../../../../schema/dead-letters.ts";
import { isRefusal } from "../../../../schema/outcome.ts";
import { refuse } from "../../../../schema/refusals.ts";
import { RegionCode } from "../../../../schema/regions.ts";
import { discard, letterNamed, lettersIn, letterView, redrive } from "../../asking/letter-desk.ts";
import { json, jsonBody, newApi, on, problemAnswer } from "../../gate/api.ts";
import { problem } from "../../gate/problem.ts";

const params = z.object({ letterId: LetterId });

const list = createRoute({
  method: "get",
  path: "/ops/dead-letters",
  summary: "List what could not be delivered or failed for good, newest first.",
  request: {
    query: z.strictObject({
      region: RegionCode.optional(),
      queue: z.string().max(100).optional(),
      state: z.enum(["open", "redriven", "discarded"]).optional(),
      cursor: z
        .string()
        .regex(/^\d+~[A-Za-z0-9._-]+$/)
        .optional(),
      limit: z.coerce.number().int().min(1).max(100).default(50),
    }),
  },
  responses: { 200: json(DeadLetterList, "A page of them."), default: problemAnswer },
});

const read = createRoute({
  method: "get",
  path: "/ops/dead-letters/{letterId}",
  summary: "Read one dead letter, with the message as it came.",
  request: { params },
  responses: { 200: json(DeadLetterInFull, "The letter."), default: problemAnswer },
});

const redriveOne = createRoute({
  method: "post",
  path: "/ops/dead-letters/{letterId}/redrive",
  summary: "Try again what failed: its message is sent again, or its sale resumed. Twice is once.",
  request: { params },
  responses: { 200: json(DeadLetterView, "Tried again."), default: problemAnswer },
});

const redriveMany = createRoute({
  method: "post",
  path: "/ops/dead-letters/redrive",
  summary: "Try many again. One that cannot be tried stops no other one.",
  request: { body: jsonBody(RedriveLetters) },
  responses: { 200: json(Redriven, "What became of each."), default: problemAnswer },
});

const discardOne = createRoute({
  method: "post",
  path: "/ops/dead-letters/{letterId}/discard",
  summary: "Let one go, with the reason. Twice is once, with the first reason.",
  request: { params, body: jsonBody(DiscardLetter) },
  responses: { 200: json(DeadLetterView, "Let go."), default: problemAnswer },
});

export const deadLetters = newApi();

on(deadLetters, list, async (c) => {
  const { region, cursor, ...page } = c.req.valid("query");
  const [firstAtMs, letterId] = cursor?.split("~") ?? [];
  const after =
    firstAtMs !== undefined && letterId !== undefined
      ? { firstAtMs: Number(firstAtMs), letterId }
      : undefined;
  const whose = { env: c.env, shopId: c.var.apiKey.shopId };
  const places = region ? [region] : RegionCode.options;
  const found = await lettersIn(whose, places, { ...page, after });
  const last = found.length < page.limit ? undefined : found.at(-1)?.letter;
  const next = last ? { cursor: `${last.firstAtMs}~${last.letterId}` } : {};
  return c.json({ letters: found.map(letterView), ...next }, 200);
});

on(deadLetters, read, async (c) => {
  const whose = { env: c.env, shopId: c.var.apiKey.shopId };
  const found = await letterNamed(whose, c.req.valid("param").letterId);
  if (!found) return problem(c, refuse("not_found"));
  return c.json({ ...letterView(found), body: found.letter.body }, 200);
});

on(deadLetters, redriveMany, async (c) => {
  const whose = { env: c.env, shopId: c.var.apiKey.shopId };
  const letters: { letterId: string; outcome: string }[] = [];
  for (const letterId of c.req.valid("json").letterIds) {
    try {
      const redriven = await redrive(whose, letterId);
      const outcome = isRefusal(redriven) ? redriven.refused : redriven.letter.state;
      letters.push({ letterId, outcome });
    } catch (fault) {
      console.error({ event: "dead_letter.fault", letterId, problem: String(fault) });
      letters.push({ letterId, outcome: "unavailable" });
    }
  }
  return c.json({ letters }, 200);
});

on(deadLetters, redriveOne, async (c) => {
  const whose = { env: c.env, shopId: c.var.apiKey.shopId };
  const redriven = await redrive(whose, c.req.valid("param").letterId);
  return isRefusal(redriven) ? problem(c, redriven) : c.json(letterView(redriven), 200);
});

on(deadLetters, discardOne, async (c) => {
  const whose = { env: c.env, shopId: c.var.apiKey.shopId };
  const { reason } = c.req.valid("json");
  const discarded = await discard(whose, c.req.valid("param").letterId, reason);
  return isRefusal(discarded) ? problem(c, discarded) : c.json(letterView(discarded), 200);
});
