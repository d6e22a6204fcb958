import * as z from "zod";

const Encrypted = z.string().min(1).max(15_000);

/** What Adyen's component adds to every method: who it is, and since 6.30 a Base64 document of its own. */
const fromComponent = {
  checkoutAttemptId: z.string().max(300).optional(),
  sdkData: z.string().max(50_000).optional(),
};

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
  encryptedPassword: Encrypted.optional().describe("of cards of Korea"),
  holderName: z.string().max(200).optional(),
  brand: z.string().max(40).optional(),
  fundingSource: z.enum(["credit", "debit", "prepaid"]).optional(),
  ...fromComponent,
});
export type AdyenCard = z.infer<typeof AdyenCard>;

/**
 * `paymentMethod` as Adyen's client component gives it for a method. Like a card it passes through, and nothing of
 * it is stored.
 * Source: https://docs.adyen.com/api-explorer/Checkout/72/post/payments (IdealDetails, PixDetails, Upi…Details)
 */
export const AdyenMethod = z.discriminatedUnion("type", [
  AdyenCard,
  z.strictObject({
    type: z.literal("ideal"),
    issuer: z.string().max(100).optional(),
    ...fromComponent,
  }),
  z.strictObject({ type: z.literal("wero"), ...fromComponent }),
  z.strictObject({ type: z.literal("pix"), ...fromComponent }),
  z.strictObject({
    type: z.literal("upi_intent"),
    appId: z.string().max(100).optional(),
    ...fromComponent,
  }),
  z.strictObject({ type: z.literal("upi_qr"), ...fromComponent }),
]);
export type AdyenMethod = z.infer<typeof AdyenMethod>;
