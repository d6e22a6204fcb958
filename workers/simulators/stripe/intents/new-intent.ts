/** An intent as it begins. Pure. */

import type { CaptureMethod, Intent, Metadata, Moment } from "./intent.ts";
import type { Local } from "./local-payment.ts";

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
  readonly local: Local | null;
  readonly multicapture: boolean;
}

export function newIntent(input: CreateInput, moment: Moment): Intent {
  const id = moment.id("pi");
  const isPaid = input.token !== null || input.local !== null;
  return {
    ...input,
    id,
    clientSecret: `${id}_secret_${moment.id("s").slice(2)}`,
    createdMs: moment.nowMs,
    status: isPaid ? "requires_confirmation" : "requires_payment_method",
    paymentMethodId: isPaid ? moment.id("pm") : null,
    method: null,
    returnUrl: null,
    actionUrl: null,
    lastError: null,
    attempts: 0,
    charge: null,
    amountCapturable: 0,
    amountReceived: 0,
    captures: [],
    refunds: [],
    dispute: null,
    canceledAtMs: null,
    cancellationReason: null,
    idempotencyKeys: [],
  };
}
