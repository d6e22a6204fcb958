/** Which function answers which call of Adyen's API. */

import type { CallName } from "../api/adyen-api-routes.ts";
import type { ApiError } from "../api/adyen-errors.ts";
import type { Body } from "../api/body-check.ts";
import type { World } from "./adyen-world.ts";
import {
  adjustCall,
  cancelCall,
  captureCall,
  refundCall,
  reversalCall,
  technicalCancelCall,
} from "./modification-calls.ts";
import { detailsCall, paymentMethodsCall, paymentsCall, type Success } from "./payment-calls.ts";

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
