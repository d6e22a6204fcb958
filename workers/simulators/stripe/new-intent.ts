/** An intent as it begins. Pure. */

import type { CaptureMethod, Intent, Metadata, Moment } from "./intent.ts";

export interface CreateInput {
  readonly amount: number;
  readonly currency: string;
  readonly captureMethod: CaptureMethod;
  readonly allowedTypes: readonly string[] | null;
  readonly redirects: "always" | "never" | null;
  readonly metadata: Metadata;
  readonly description: string | null;
  readonly receiptEmail: string | null;
  readonly statementDescriptor: string | null;
  readonly statementDescriptorSuffix: string | null;
  readonly transferGroup: string | null;
  readonly token: string | null;
}

export function newIntent(input: CreateInput, moment: Moment): Intent {
  const id = moment.id("pi");
  return {
    ...input,
    id,
    clientSecret: `${id}_secret_${moment.id("s").slice(2)}`,
    createdMs: moment.nowMs,
    status: input.token === null ? "requires_payment_method" : "requires_confirmation",
    paymentMethodId: input.token === null ? null : moment.id("pm"),
    returnUrl: null,
    actionUrl: null,
    lastError: null,
    attempts: 0,
    charge: null,
    amountCapturable: 0,
    amountReceived: 0,
    captures: [],
    refunds: [],
    canceledAtMs: null,
    cancellationReason: null,
    idempotencyKeys: [],
  };
}
