import * as z from "zod";
import { Money } from "./money.ts";

export const ProviderName = z.enum(["stripe"]);
export type ProviderName = z.infer<typeof ProviderName>;

export const PaymentMethod = z.enum(["card"]);
export type PaymentMethod = z.infer<typeof PaymentMethod>;

/** What a shopper pays with. Tokens are the providers' own; card numbers are refused at the edge. */
export const PaymentRequest = z.strictObject({
  method: PaymentMethod,
  tokens: z.strictObject({
    stripe: z
      .string()
      .regex(/^pm_[A-Za-z0-9_]{1,120}$/, "a Stripe payment method id begins with pm_"),
  }),
  returnUrl: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .optional(),
});
export type PaymentRequest = z.infer<typeof PaymentRequest>;

/** What the shopper must do before the provider goes on. */
export const NextAction = z.strictObject({
  type: z.enum(["redirect", "qr", "app"]),
  url: z.url().exactOptional(),
  data: z.string().exactOptional(),
  expiresAt: z.iso.datetime().exactOptional(),
});
export type NextAction = z.infer<typeof NextAction>;

/** The state of a checkout's latest payment, as the storefront reads it. */
export const PaymentView = z.strictObject({
  attempt: z.int().min(1),
  status: z.enum([
    "processing",
    "awaiting_shopper",
    "declined",
    "authorized",
    "captured",
    "voided",
    "refunded",
  ]),
  method: PaymentMethod,
  provider: ProviderName.optional(),
  amount: Money,
  refusal: z
    .strictObject({ code: z.string(), reason: z.string().optional(), then: z.string() })
    .optional(),
  nextAction: NextAction.optional(),
});
export type PaymentView = z.infer<typeof PaymentView>;
