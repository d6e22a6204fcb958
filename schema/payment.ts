import * as z from "zod";
import { AdyenMethod } from "./adyen-method.ts";
import { Money } from "./money.ts";

export const ProviderName = z.enum(["stripe", "adyen"]);
export type ProviderName = z.infer<typeof ProviderName>;

export const PaymentMethod = z.enum(["card", "ideal", "wero", "pix", "upi"]);
export type PaymentMethod = z.infer<typeof PaymentMethod>;

/** Methods that are new to the providers themselves: off until a shop switches them on. */
export const ExtraMethod = PaymentMethod.extract(["wero"]);
export type ExtraMethod = z.infer<typeof ExtraMethod>;

/** The extra methods that a shop has switched on. */
export const ExtraMethods = z.array(ExtraMethod).max(ExtraMethod.options.length);

/** Whether a shop sells by a method that is off unless it is named in `switchedOn`. */
export function isSwitchedOn(method: PaymentMethod, switchedOn: readonly ExtraMethod[]): boolean {
  const extra = ExtraMethod.safeParse(method);
  return !extra.success || switchedOn.includes(extra.data);
}

/** What a sale is paid with: a method, or `none` where its total is zero and nobody is asked. */
export const SaleMethod = z.enum([...PaymentMethod.options, "none"]);
export type SaleMethod = z.infer<typeof SaleMethod>;

/** Which of our methods each of Adyen's types pays. */
const methodOf: { readonly [T in AdyenMethod["type"]]: PaymentMethod } = {
  scheme: "card",
  ideal: "ideal",
  wero: "wero",
  pix: "pix",
  upi_intent: "upi",
  upi_qr: "upi",
};

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

/** Of each provider, what its client component gave: a card's name there, or a method's details. */
const tokens = {
  stripe: z
    .string()
    .regex(/^(?:pm|ctoken)_[A-Za-z0-9_]{1,120}$/, "a name at Stripe begins with pm_ or ctoken_")
    .optional()
    .describe("a payment method (`pm_…`) or a confirmation token (`ctoken_…`) of Stripe.js"),
  adyen: AdyenMethod.optional().describe("`paymentMethod` of Adyen's client component"),
} satisfies Record<ProviderName, z.ZodType>;

type Tokens = { readonly [Name in ProviderName]?: z.infer<(typeof tokens)[Name]> };

/** Whether what a provider's component gave is of the method that is to pay. */
const isOfMethod: {
  readonly [Name in ProviderName]: (tokens: Tokens, method: SaleMethod) => boolean;
} = {
  stripe: () => true,
  adyen: ({ adyen }, method) => !adyen || methodOf[adyen.type] === method,
};

/** `https://shop.example@elsewhere.example` reads as one host and leads to another. */
const NO_USER = /^[Hh][Tt][Tt][Pp][Ss]?:\/\/[^/?#\\@]+([/?#]|$)/;

/** What a shopper pays with. Tokens are the providers' own; card numbers are refused at the edge. */
export const PaymentRequest = z
  .strictObject({
    method: SaleMethod.describe(
      "none where the total is zero, and only there; shoppers read ideal as iDEAL | Wero",
    ),
    tokens: z
      .strictObject(tokens)
      .optional()
      .describe("a card needs that of each provider that may charge it"),
    details: PaymentDetails.optional(),
    returnUrl: z
      .url({ protocol: /^https?$/ })
      .max(2048)
      .regex(NO_USER, "an address without a user's name before its host")
      .optional(),
  })
  .refine(
    ({ method, tokens }) =>
      method !== "card" || ProviderName.options.some((provider) => tokens?.[provider]),
    {
      path: ["tokens"],
      message: `a card needs a provider's token: ${ProviderName.options.map((provider) => `tokens.${provider}`).join(" or ")}`,
    },
  )
  .check(({ value: { method, tokens = {} }, issues }) => {
    const foreign = ProviderName.options.find((name) => !isOfMethod[name](tokens, method));
    if (!foreign) return;
    issues.push({
      ...{ code: "custom", input: tokens[foreign], path: ["tokens", foreign, "type"] },
      message: "is not of this method",
    });
  })
  .meta({
    if: { properties: { method: { const: "card" } } },
    then: {
      required: ["tokens"],
      properties: { tokens: { anyOf: ProviderName.options.map((name) => ({ required: [name] })) } },
    },
  });
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
    "not_required",
  ]),
  method: SaleMethod,
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
