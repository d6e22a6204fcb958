import * as z from "zod";
import { RegionCode } from "./regions.ts";

export const LetterId = z.string().regex(/^[A-Za-z0-9._-]{1,200}$/, "not the id of a dead letter");

/** A message that no consumer could take, or a payment that failed for good. */
export const DeadLetterView = z.strictObject({
  letterId: LetterId,
  region: RegionCode,
  queue: z.string(),
  state: z.enum(["open", "redriven", "discarded"]),
  cause: z.string(),
  attempts: z.int(),
  firstAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
  reference: z.string().optional().describe("the order or checkout that it is about"),
  decidedAt: z.iso.datetime().optional(),
  discardReason: z.string().optional(),
});
export type DeadLetterView = z.infer<typeof DeadLetterView>;

export const DeadLetterList = z.strictObject({
  letters: z.array(DeadLetterView),
  cursor: z.string().optional().describe("of the next page; missing on the last"),
});

/** With the message as it came. */
export const DeadLetterInFull = DeadLetterView.extend({ body: z.string() });

const LETTERS_MAX = 100; // each is a call or two

export const RedriveLetters = z.strictObject({
  letterIds: z.array(LetterId).min(1).max(LETTERS_MAX),
});
export const DiscardLetter = z.strictObject({ reason: z.string().min(1).max(200) });

/** What became of each. One that is refused stops no other one. */
export const Redriven = z.strictObject({
  letters: z.array(z.strictObject({ letterId: LetterId, outcome: z.string() })),
});
