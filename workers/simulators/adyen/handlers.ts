/** Each call's handler. */

import type { Body } from "./check.ts";
import type { ApiError } from "./errors.ts";
import {
  adjustCall,
  cancelCall,
  captureCall,
  refundCall,
  reversalCall,
  technicalCancelCall,
} from "./modification-calls.ts";
import { detailsCall, paymentMethodsCall, paymentsCall, type Success } from "./payments-call.ts";
import type { CallName } from "./routes.ts";
import type { World } from "./world.ts";

export const handlers: Readonly<
  Record<CallName, (world: World, body: Body, pspReference: string) => Success | ApiError>
> = {
  paymentMethods: paymentMethodsCall,
  payments: paymentsCall,
  "payments.details": detailsCall,
  "payments.captures": captureCall,
  "payments.cancels": cancelCall,
  "payments.refunds": refundCall,
  "payments.reversals": reversalCall,
  "payments.amountUpdates": adjustCall,
  cancels: technicalCancelCall,
};
