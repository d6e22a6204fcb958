import * as z from "zod";
import { CustomerId } from "./buyer.ts";

export const CreateCustomerToken = z.strictObject({ customerId: CustomerId });

/** What the merchant's own server hands to the browser of who has logged in there. */
export const CustomerTokenView = z.strictObject({
  customerToken: z.string().describe("send it as Customer-Token"),
  expiresAt: z.iso.datetime(),
});
