import type { StripeWebhookConfig } from "./webhook.ts";

export type StripeEnv = {
  readonly STRIPE_API_BASE: string;
  readonly STRIPE_SECRET_KEY: string;
  /** One secret or two, with a comma or a blank between them. */
  readonly STRIPE_WEBHOOK_SECRET: string;
};

/** How this deployment reaches Stripe, and how Stripe proves itself. */
export function stripeConfigFrom(env: StripeEnv): StripeWebhookConfig {
  return {
    apiBase: env.STRIPE_API_BASE,
    secretKey: env.STRIPE_SECRET_KEY,
    webhookSecret: env.STRIPE_WEBHOOK_SECRET,
  };
}
