import { OrderEvent } from "../../schema/events.ts";
import type { RegionCode } from "../../schema/regions.ts";

/** An event of this region, or why the message is none. */
export type Read =
  | { readonly event: OrderEvent; readonly cause?: never }
  | { readonly event?: never; readonly cause: string };

const ISSUES_MAX = 5; // enough to see what is wrong with it

/**
 * Reads a message of `events-<region>`. A cause names types and fields, never what stands in them:
 * what does not belong in an event may be anything.
 */
export function readEvent(body: unknown, region: RegionCode): Read {
  const { success, data, error } = OrderEvent.safeParse(body);
  if (success) {
    if (data.region === region) return { event: data };
    return { cause: `An event of ${data.region} in the queue of ${region}.` };
  }
  const unknownType = error.issues.some(({ path }) => path.join() === "type") && typeOf(body);
  if (unknownType) return { cause: `Nobody here knows events of the type ${unknownType}.` };
  const issues = error.issues.slice(0, ISSUES_MAX).map(({ path, code }) => {
    return path.length === 0 ? code : `${path.map(String).join(".")}: ${code}`;
  });
  return { cause: `Not an order event: ${issues.join("; ")}.` };
}

/** What a message says that it is about, where it says so in our words. */
export function aboutOf(body: unknown): {
  readonly [Field in "id" | "shopid" | "subject"]?: string;
} {
  const about = OrderEvent.pick({ id: true, shopid: true, subject: true }).partial();
  const fields = typeof body === "object" && body !== null ? Object.entries(body) : [];
  // Field by field: that one is unreadable says nothing about the others.
  return Object.assign(
    {},
    ...fields.map(([name, value]) => about.safeParse({ [name]: value }).data ?? {}),
  );
}

function typeOf(body: unknown): string | undefined {
  const type = typeof body === "object" && body !== null && "type" in body && body.type;
  return typeof type === "string" ? /^tender\.[a-z_.]{1,80}\.v\d{1,4}$/.exec(type)?.[0] : undefined;
}
