/**
 * Cloudflare's prices of the Workers Paid plan beyond what it includes, in US dollars. Read on 2026-12-01, not on the pages
 * named here but in the sources that they are made of (repository cloudflare/cloudflare-docs: workers/platform/pricing.mdx,
 * queues/platform/pricing.mdx, partials workers/d1-pricing.mdx and durable-objects/durable-objects-pricing.mdx), in stored
 * copies that may be some months old. That the storage of SQLite objects is billed since January 2026 is known from an
 * excerpt of the release notes (https://developers.cloudflare.com/durable-objects/release-notes/). The price of a queue's
 * operation follows from its page's example, 35.60 for 89 million. Hyperdrive is part of the plan; its own page was not opened.
 */
const WORKERS = "https://developers.cloudflare.com/workers/platform/pricing/";
const OBJECTS = "https://developers.cloudflare.com/durable-objects/platform/pricing/";
const D1 = "https://developers.cloudflare.com/d1/platform/pricing/";
const QUEUES = "https://developers.cloudflare.com/queues/platform/pricing/";

export type Item = keyof typeof prices;
type Price = { readonly usdPerMillion: number; readonly unit: string; readonly source: string };

/** By the million of units; what is stored, by the million of megabyte-months (10^12 bytes for a month). */
export const prices = {
  requests: { usdPerMillion: 0.3, unit: "requests of the Worker", source: WORKERS },
  cpuMs: { usdPerMillion: 0.02, unit: "ms of CPU", source: WORKERS },
  objectRequests: { usdPerMillion: 0.15, unit: "calls and alarms of objects", source: OBJECTS },
  gigabyteSeconds: { usdPerMillion: 12.5, unit: "GB-s of active objects", source: OBJECTS },
  objectRowsRead: { usdPerMillion: 0.001, unit: "rows read, objects", source: OBJECTS },
  objectRowsWritten: { usdPerMillion: 1, unit: "rows written, objects", source: OBJECTS },
  objectMegabyteMonths: { usdPerMillion: 200, unit: "MB stored a month, objects", source: OBJECTS },
  queueOperations: { usdPerMillion: 0.4, unit: "operations of queues", source: QUEUES },
  d1RowsRead: { usdPerMillion: 0.001, unit: "rows read, D1", source: D1 },
  d1RowsWritten: { usdPerMillion: 1, unit: "rows written, D1", source: D1 },
  d1MegabyteMonths: { usdPerMillion: 750, unit: "MB stored a month, D1", source: D1 },
} as const satisfies Readonly<Record<string, Price>>;

/** An object is billed for 128 MB while it is active, whatever it uses. */
export const OBJECT_GIGABYTES = 0.128;
/** A message is written, read and deleted; none of ours is larger than 64 KB. */
export const OPERATIONS_PER_MESSAGE = 3;
