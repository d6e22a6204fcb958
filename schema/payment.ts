import * as z from "zod";
import { Money } from "./money.ts";

export const ProviderName = z.enum(["stripe", "adyen"]);
export type ProviderName = z.infer<typeof ProviderName>;

export const PaymentMethod = z.enum(["card", "ideal", "pix", "upi"]);
export type PaymentMethod = z.infer<typeof PaymentMethod>;

const Encrypted = z.string().min(1).max(4096);

/**
 * The card as Adyen's client component encrypts it in the shopper's browser. It passes through to
 * Adyen and is never stored, not even in a journal.
 * Source: https://docs.adyen.com/api-explorer/Checkout/72/post/payments (CardDetails)
 */
export const AdyenCard = z.strictObject({
  type: z.literal("scheme"),
  encryptedCardNumber: Encrypted,
  encryptedExpiryMonth: Encrypted,
  encryptedExpiryYear: Encrypted,
  encryptedSecurityCode: Encrypted.optional(),
  holderName: z.string().max(200).optional(),
  brand: z.string().max(40).optional(),
  checkoutAttemptId: z.string().max(300).optional(),
});
export type AdyenCard = z.infer<typeof AdyenCard>;

/** What a card's bank wants to know of the browser before it decides about 3-D Secure. */
const Browser = z.strictObject({
  acceptHeader: z.string().min(1).max(2048),
  userAgent: z.string().min(1).max(2048),
  language: z.string().min(1).max(35),
  colorDepth: z.int().min(1).max(64),
  screenHeight: z.int().min(0).max(20_000),
  screenWidth: z.int().min(0).max(20_000),
  timeZoneOffset: z.int().min(-840).max(840).describe("in minutes, UTC minus local"),
  javaEnabled: z.boolean(),
});

/** What a method needs besides a token: 3-D Secure the browser, Pix the CPF, UPI the app. */
export const PaymentDetails = z.strictObject({
  browser: Browser.optional(),
  cpf: z
    .string()
    .regex(/^\d{3}\.?\d{3}\.?\d{3}-?\d{2}$/, "a CPF has eleven digits")
    .optional(),
  app: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,60}$/)
    .optional()
    .describe("the UPI app to open; without it the shopper gets a QR code"),
});
export type PaymentDetails = z.infer<typeof PaymentDetails>;

/** Of each provider that may charge a card, its own name for it. */
const tokens = {
  stripe: z
    .string()
    .regex(/^pm_[A-Za-z0-9_]{1,120}$/, "a Stripe payment method id begins with pm_")
    .optional(),
  adyen: AdyenCard.optional(),
} satisfies Record<ProviderName, z.ZodType>;

/** What a shopper pays with. Tokens are the providers' own; card numbers are refused at the edge. */
export const PaymentRequest = z
  .strictObject({
    method: PaymentMethod,
    tokens: z
      .strictObject(tokens)
      .optional()
      .describe("for a card: of each provider that may charge it"),
    details: PaymentDetails.optional(),
    returnUrl: z
      .url({ protocol: /^https?$/ })
      .max(2048)
      .optional(),
  })
  .refine(
    ({ method, tokens }) =>
      method !== "card" || ProviderName.options.some((provider) => tokens?.[provider]),
    {
      path: ["tokens"],
      message: `a card needs a provider's token: ${ProviderName.options.map((provider) => `tokens.${provider}`).join(" or ")}`,
    },
  );
export type PaymentRequest = z.infer<typeof PaymentRequest>;

/** What the shopper must do before the provider goes on. */
export const NextAction = z.strictObject({
  type: z.enum(["redirect", "qr", "app"]),
  url: z.url().exactOptional().describe("where to send the shopper, or the app's link"),
  data: z.string().exactOptional().describe("the text that the QR code holds"),
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
    "capture_pending",
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

/** Who was to be asked for one attempt to pay, and why. */
export const AttemptRoute = z.strictObject({
  attempt: z.int().min(1),
  providers: z.array(ProviderName).describe("in the order in which they were to be tried"),
  why: z.array(z.string()).describe("sentences: the rule, the draw, who was left out"),
});
export type AttemptRoute = z.infer<typeof AttemptRoute>;

/** A provider that has the method here but cannot take the total by it, and by which bound. */
export const LeftOutWay = z.strictObject({
  method: PaymentMethod,
  provider: ProviderName,
  why: z.enum(["currency_not_taken", "below_least", "above_greatest", "off_step"]),
  leastMinor: z.int().exactOptional(),
  greatestMinor: z.int().exactOptional(),
  stepMinor: z.int().exactOptional().describe("it takes multiples of this"),
});
export type LeftOutWay = z.infer<typeof LeftOutWay>;

/** When a shop takes the money of an order: at once, as its goods are sent, or when it says so. */
export const CaptureMode = z.enum(["at_once", "on_fulfillment", "manual"]);
export type CaptureMode = z.infer<typeof CaptureMode>;
