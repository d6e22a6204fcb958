import * as z from "zod";
import { DeliveredEvent, OrderEventType } from "./events.ts";
import { ReaderView } from "./feeds.ts";
import { OrderId } from "./ids.ts";
import { RegionCode } from "./regions.ts";

/** A merchant's endpoint: a hash of shop and address; registered twice it is one (decision 17). */
export const EndpointId = z
  .string()
  .regex(/^whe_[0-9a-f]{32}$/, "not an id of the form whe_<32 hex digits>")
  .brand<"EndpointId">();
export type EndpointId = z.infer<typeof EndpointId>;

export const RegisterEndpoint = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).max(500),
  types: z
    .array(OrderEventType)
    .min(1)
    .optional()
    .describe("which events it wants; all of them, also of types to come, where it does not say"),
});
export type RegisterEndpoint = z.infer<typeof RegisterEndpoint>;

const Secret = z.strictObject({
  secret: z.string().describe("whsec_ and 32 bytes in base64, as Standard Webhooks has it"),
  expiresAt: z.iso.datetime().optional().describe("signs until then; a newer one signs beside it"),
});

/** What a merchant reads of an endpoint. Each region delivers its own sales' events. */
export const EndpointView = z.strictObject({
  endpointId: EndpointId,
  url: z.string(),
  types: z.array(OrderEventType).optional(),
  secrets: z.array(Secret),
  createdAt: z.iso.datetime(),
  regions: z.array(ReaderView.extend({ region: RegionCode })).optional(),
});
export type EndpointView = z.infer<typeof EndpointView>;

/** From where on a region's events are sent again, in order; or the one event to send now. */
export const ReplayEndpoint = z.union([
  z.strictObject({ region: RegionCode, afterOffset: z.int().min(0) }),
  z.strictObject({ region: RegionCode, since: z.iso.datetime() }),
  z.strictObject({
    orderId: OrderId,
    sequence: z
      .union([z.int().min(1), DeliveredEvent.shape.sequence])
      .describe("as the event has it, or as a number"),
  }),
]);
export type ReplayEndpoint = z.infer<typeof ReplayEndpoint>;

/** One try to deliver one event. `status` is missing where no answer came. */
export const DeliveryView = z.strictObject({
  deliveryId: z.string().describe("grows with time within a region"),
  region: RegionCode,
  eventId: z.string(),
  type: z.string(),
  attempt: z.int().min(1),
  at: z.iso.datetime(),
  durationMs: z.int().min(0),
  status: z.int().optional(),
  problem: z.string().optional(),
  delivered: z.boolean(),
});
export type DeliveryView = z.infer<typeof DeliveryView>;

export const Replayed = z.union([
  z.strictObject({ region: RegionCode, afterOffset: z.int() }),
  z.strictObject({ delivery: DeliveryView }),
]);
