import * as z from "zod";

/** One step of a sale, as somebody who looks at it is told. */
export const TimelineEntry = z.strictObject({
  at: z.iso.datetime(),
  step: z.string(),
  state: z.string(),
  detail: z
    .strictObject({
      run: z.string(),
      attempt: z.int().optional(),
      option: z.string().optional(),
      durationMs: z.int().optional(),
      reason: z.string().optional().describe("a code; outcome_unknown while no clear answer came"),
      fault: z
        .string()
        .optional()
        .describe(
          "what went wrong last, as the provider or the platform said it; with a secret key",
        ),
    })
    .optional(),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;
