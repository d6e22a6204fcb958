import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { AdyenMethod } from "../schema/adyen-method.ts";

const require = createRequire(import.meta.url);
const declarations = readFileSync(
  require.resolve("@adyen/adyen-web").replace(/dist\/.*$/, "dist/es/index.d.ts"),
  "utf8",
);
type Schema = { readonly properties: Readonly<Record<string, { readonly maxLength?: number }>> };
const checkout: { readonly components: { readonly schemas: Readonly<Record<string, Schema>> } } =
  JSON.parse(readFileSync("test/specs/adyen-checkout-v72.reduced.json", "utf8"));

/** What Checkout allows and no component of ours may send, and why. */
const leftOut = {
  "raw card data, which is refused": ["number", "cvc", "expiryMonth", "expiryYear"],
  "stored cards, which Tender does not charge": [
    ...["storedPaymentMethodId", "recurringDetailReference", "billingSequenceNumber"],
    ...["networkPaymentReference", "shopperNotificationReference", "pixRecurring"],
  ],
  "Click to Pay and Fastlane, which are methods of their own": [
    ...["srcCorrelationId", "srcDigitalCardId", "srcScheme", "srcTokenReference", "fastlaneData"],
  ],
  "other than Adyen's component for the Web encrypts": [
    ...["encryptedCard", "threeDS2SdkVersion", "cupsecureplus.smscode"],
  ],
};
const known: readonly string[] = Object.values(leftOut).flat();

const shapes = {
  CardDetails: "scheme",
  IdealDetails: "ideal",
  PaymentDetails: "wero",
  PixDetails: "pix",
  UpiIntentDetails: "upi_intent",
  UpiQrDetails: "upi_qr",
} as const;

function takenOf(type: string): readonly string[] {
  const shape = AdyenMethod.options.find(({ shape: { type: own } }) => own.value === type);
  return Object.keys(shape?.shape ?? {});
}

test.each(Object.entries(shapes))(
  "%s: each field that Checkout allows is taken, or left out with a reason",
  (name, type) => {
    const allowed = Object.keys(checkout.components.schemas[name]?.properties ?? {});
    const taken = takenOf(type);
    expect(allowed).toEqual(expect.arrayContaining([...taken]));
    expect(allowed.filter((field) => !taken.includes(field) && !known.includes(field))).toEqual([]);
  },
);

test("encrypted fields and the component's own data are taken as long as Checkout takes them", () => {
  const { properties } = checkout.components.schemas.CardDetails ?? { properties: {} };
  const card = {
    ...{ type: "scheme", encryptedCardNumber: "n", encryptedExpiryMonth: "m" },
    ...{ encryptedExpiryYear: "y", fundingSource: "debit" },
  };
  const fields = takenOf("scheme").filter((field) => /^encrypted|^sdkData$/.test(field));
  expect(fields).toHaveLength(6);
  for (const field of fields) {
    const length = properties[field]?.maxLength ?? 0;
    const of = (characters: number) => ({ ...card, [field]: "A".repeat(characters) });
    expect(AdyenMethod.safeParse(of(length)).success, field).toBe(true);
    expect(AdyenMethod.safeParse(of(length + 1)).success, field).toBe(false);
  }
});

test("each field that adyen-web's types give a card is taken, or left out with a reason", () => {
  const [, body] = /interface CardPaymentMethodData \{([^}]*)\}/.exec(declarations) ?? [];
  const fields = [...(body ?? "").matchAll(/(\w+)\??:/g)].map(([, field]) => field ?? "");
  expect(fields).toContain("encryptedCardNumber");
  const taken = takenOf("scheme");
  expect(fields.filter((field) => !taken.includes(field) && !known.includes(field))).toEqual([]);
});
