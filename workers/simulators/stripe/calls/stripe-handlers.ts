/** Which function answers which call of Stripe's API. */

import type { Form } from "../api/form.ts";
import type { CallName } from "../api/stripe-api-routes.ts";
import { createTokenCall, retrieveTokenCall } from "./confirmation-token-calls.ts";
import {
  type Answer,
  cancelCall,
  captureCall,
  confirmCall,
  createCall,
  refundCall,
  updateCall,
} from "./intent-calls.ts";
import {
  listCall,
  listEventsCall,
  listRefundsCall,
  retrieveCall,
  retrieveChargeCall,
  retrieveEventCall,
  retrieveRefundCall,
  searchCall,
} from "./lookup-calls.ts";
import {
  listBalanceCall,
  listDisputesCall,
  listPayoutsCall,
  retrieveBalanceCall,
  retrieveDisputeCall,
  retrievePayoutCall,
} from "./money-calls.ts";
import type { World } from "./stripe-world.ts";

export const handlers: Readonly<
  Record<CallName, (world: World, form: Form, id: string) => Answer>
> = {
  "payment_intents.create": createCall,
  "payment_intents.update": updateCall,
  "payment_intents.confirm": confirmCall,
  "payment_intents.capture": captureCall,
  "payment_intents.cancel": cancelCall,
  "payment_intents.retrieve": retrieveCall,
  "payment_intents.list": listCall,
  "payment_intents.search": searchCall,
  "refunds.create": refundCall,
  "refunds.retrieve": retrieveRefundCall,
  "refunds.list": listRefundsCall,
  "charges.retrieve": retrieveChargeCall,
  "disputes.retrieve": retrieveDisputeCall,
  "disputes.list": listDisputesCall,
  "balance_transactions.retrieve": retrieveBalanceCall,
  "balance_transactions.list": listBalanceCall,
  "payouts.retrieve": retrievePayoutCall,
  "payouts.list": listPayoutsCall,
  "confirmation_tokens.create": createTokenCall,
  "confirmation_tokens.retrieve": retrieveTokenCall,
  "events.retrieve": retrieveEventCall,
  "events.list": listEventsCall,
};
