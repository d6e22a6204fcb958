import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { PaymentRequest } from "../schema/payment.ts";

const require = createRequire(import.meta.url);
const scriptFolder = require
  .resolve("@stripe/stripe-js")
  .replace(/(@stripe\/stripe-js\/).*$/, "$1dist/");
const serverFolder = require
  .resolve("stripe")
  .replace(/(node_modules\/stripe\/).*$/, "$1esm/resources/");
const script = readFileSync(`${scriptFolder}stripe-js/stripe.d.ts`, "utf8");
const collected = readFileSync(`${scriptFolder}api/confirmation-tokens.d.ts`, "utf8");
const intents = readFileSync(`${serverFolder}PaymentIntents.d.ts`, "utf8");
const tokens = readFileSync(`${serverFolder}ConfirmationTokens.d.ts`, "utf8");

/** The fields of an interface, not those of what lies within them. */
function fieldsOf(declarations: string, name: string): readonly string[] {
  const [, body = ""] =
    new RegExp(`interface ${name} \\{\\n([\\s\\S]*?)\\n\\}`).exec(declarations) ?? [];
  const [, indent = ""] = /^( +)\w+\??:/m.exec(body) ?? [];
  return [...body.matchAll(new RegExp(`^${indent}(\\w+)\\??:`, "gm"))].map(
    ([, field]) => field ?? "",
  );
}

const known = (table: Readonly<Record<string, readonly string[]>>) => Object.values(table).flat();

test("each thing that Stripe.js makes of a payment is taken, or left out with a reason", () => {
  const made = [...script.matchAll(/^ {2}(create\w+)\(/gm)].map(([, name]) => name ?? "");
  const why = {
    "taken as tokens.stripe": ["createPaymentMethod", "createConfirmationToken"],
    "of the API before payment intents": ["createToken", "createSource"],
    "pays nothing": ["createRadarSession", "createEphemeralKeyNonce"],
    "Stripe's own page, in place of a checkout here": [
      ...["createEmbeddedCheckoutPage", "createEmbeddedCheckout"],
    ],
  };
  expect(made).toEqual(expect.arrayContaining([...why["taken as tokens.stripe"]]));
  expect(made.filter((name) => !known(why).includes(name))).toEqual([]);
});

/** A PaymentIntent as it is created; what a shopper's browser collects gets in by the first three alone. */
const intentFields = {
  "what is paid with": ["payment_method", "payment_method_data", "confirmation_token"],
  "sent by us": [
    ...["amount", "currency", "allowed_payment_method_types", "capture_method", "confirm"],
    ...["error_on_requires_action", "expand", "metadata", "payment_method_options", "return_url"],
    "use_stripe_sdk",
  ],
  "we name the methods ourselves": [
    ...["automatic_payment_methods", "excluded_payment_method_types"],
    "payment_method_configuration",
  ],
  "stored cards and payments without the shopper, which Tender does not make": [
    ...["customer", "customer_account", "mandate", "mandate_data", "off_session"],
    "setup_future_usage",
  ],
  "of platforms that sell for others": [
    ...["application_fee_amount", "on_behalf_of", "transfer_data", "transfer_group"],
  ],
  "Stripe is told no more of a sale than it needs": [
    ...["amount_details", "description", "payment_details", "receipt_email", "shipping"],
    ...["statement_descriptor", "statement_descriptor_suffix"],
  ],
  "Radar's sessions and Stripe's tax, which Tender does not use": ["radar_options", "hooks"],
  "always the usual one": ["confirmation_method"],
};

test("each field of a new PaymentIntent is sent, or left out with a reason", () => {
  const fields = fieldsOf(intents, "PaymentIntentCreateParams");
  expect(fields.length).toBeGreaterThan(30);
  expect(fields.filter((field) => !known(intentFields).includes(field))).toEqual([]);
  expect(known(intentFields).filter((field) => !fields.includes(field))).toEqual([]);
});

/** What a token carries besides its name: Stripe reads it there, and what we send goes before it. */
const tokenFields = {
  "its name, which is all that we are given": ["id", "object"],
  "its life, which Stripe judges": [
    ...["created", "expires_at", "livemode", "payment_intent", "setup_intent"],
  ],
  "what was collected, which Stripe charges": ["payment_method_preview", "payment_method_options"],
  "what our request says otherwise": ["return_url", "use_stripe_sdk", "metadata"],
  "of stored cards, which Tender does not keep": ["setup_future_usage", "mandate_data"],
  "the sale's own": ["shipping"],
};

test.each([
  ["stripe-js, in the browser", collected],
  ["stripe, on the server", tokens],
])("each field of a confirmation token is known: %s", (_name, declarations) => {
  const fields = fieldsOf(declarations, "ConfirmationToken");
  expect(fields).toContain("payment_method_preview");
  expect(fields.filter((field) => !known(tokenFields).includes(field))).toEqual([]);
});

test("both of Stripe.js's names are a card's token, and nothing else of Stripe's is", () => {
  const taken = (stripe: string) =>
    PaymentRequest.safeParse({ method: "card", tokens: { stripe } }).success;
  expect(["pm_1NjUvx2eZvKYlo2C", "ctoken_1NnQUf2eZvKYlo2CIObdtbnb"].map(taken)).toEqual([
    true,
    true,
  ]);
  expect(["tok_visa", "src_1", "seti_1", "pi_1_secret_2", "ctoken_", ""].map(taken)).toEqual(
    Array.from({ length: 6 }, () => false),
  );
});
