/**
 * Keys and secrets of the local platform. They open nothing outside this machine; wrangler.toml
 * holds none, so that none of these can be deployed.
 */
export const localKeys = {
  RESIDENCY: "simulated",
  ID_KEY: "local-id-key",
  STRIPE_SECRET_KEY: "sk_test_local",
  STRIPE_WEBHOOK_SECRET: "whsec_test_secret",
  ADYEN_API_KEY: "adyen_test_local",
  ADYEN_MERCHANT_ACCOUNT: "TestMerchant",
  ADYEN_HMAC_KEY: "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056",
  UNLEASH_TOKEN: "default:development.local",
  STOREFRONT_PUBLISHABLE: "pk_test_storefront",
} as const;

/** The seeded shop's API keys, as the README shows them. */
export const shopKeys = {
  publishable: "pk_test_storefront",
  secret: "sk_test_merchant",
  operator: "op_test_operator",
} as const;
