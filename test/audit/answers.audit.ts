import * as z from "zod";
import {
  type Finding,
  holdsMoney,
  netReceived,
  unfinished,
  violation,
  type World,
} from "./audited-world.ts";
import type { LedgerRow, Told } from "./dumps.ts";

/** The few fields of an answer that a promise is made by; a problem's `status` is a number. */
const Answer = z.looseObject({
  status: z.union([z.string(), z.number()]).optional(),
  code: z.string().optional(),
  payment: z.looseObject({ status: z.string(), attempt: z.int().optional() }).optional(),
});
type Answer = z.infer<typeof Answer>;

function answerOf({ body }: Told): Answer {
  return Answer.safeParse(body).data ?? {};
}

const isSuccess = ({ status }: Told) => status >= 200 && status < 300;

export function saysPlaced(told: Told): boolean {
  const { status } = answerOf(told);
  return isSuccess(told) && (status === "placed" || status === "captured");
}

export function saysDeclined(told: Told): boolean {
  const { code, payment } = answerOf(told);
  return told.status === 402 || code === "payment_declined" || payment?.status === "declined";
}

/** No answer, a server fault or "still processing": the same key may get another answer later. */
export function isOpenEnded(told: Told): boolean {
  const { status, payment } = answerOf(told);
  const processing = status === "processing" || payment?.status === "processing";
  const later = told.status === 202 || told.status === 429;
  return told.status < 200 || told.status >= 500 || later || processing;
}

/** I2: whoever was told "placed" has an order, and an order that is paid is asked to be sent. */
export function* noLostOrder({ told, orderOf, orders }: World): Iterable<Finding> {
  for (const { orderId, status, payment } of orders) {
    if (status !== "captured" || payment === "partially_captured") continue;
    yield unfinished(orderId, "is captured and its fulfilment is not requested yet.");
  }
  for (const answer of told) {
    if (!saysPlaced(answer)) continue;
    const { checkoutId } = answer;
    if (checkoutId === undefined) {
      yield violation(answer.key, "was told placed without the name of a checkout.");
    } else if (!orderOf.has(checkoutId)) {
      yield unfinished(checkoutId, "was told placed and has no order row.");
    }
  }
}

/** I7: one key has one payload and one answer; a fault is never the stored answer. */
export function* sameKeySameAnswer({ told }: World): Iterable<Finding> {
  const settled = told.filter((answer) => !isOpenEnded(answer));
  const groups = Map.groupBy(settled, ({ route, key }) => `${route} with key ${key}`);
  for (const [name, answers] of groups) {
    for (const same of Map.groupBy(answers, ({ fingerprint }) => fingerprint).values()) {
      const variants = new Set(same.map(canonical));
      if (variants.size > 1) yield violation(name, `got ${variants.size} different answers.`);
    }
    const accepted = new Set(answers.filter(isSuccess).map(({ fingerprint }) => fingerprint));
    if (accepted.size > 1) yield violation(name, `was accepted with ${accepted.size} payloads.`);
  }
}

/** I9: a checkout whose last word was "declined" holds no money for that attempt. */
export function* unknownIsNotFailed(world: World): Iterable<Finding> {
  for (const [checkoutId, answers] of world.toldOf) {
    const declined = answers.filter(saysDeclined);
    if (checkoutId === "" || declined.length === 0) continue;
    const attempts = new Set(declined.map((told) => answerOf(told).payment?.attempt));
    // A later attempt that succeeded, or whose outcome was not told, may hold money of its own.
    const onlyDeclined = !answers.some((told) => saysPlaced(told) || isOpenEnded(told));
    for (const payment of world.paymentsOf.get(checkoutId) ?? []) {
      const isDeclined = attempts.has(attemptOf(payment)) || onlyDeclined;
      if (!isDeclined || !holdsMoney(payment)) continue;
      const finding = netReceived(payment) > 0 ? violation : unfinished;
      yield finding(payment.id, `holds money of ${checkoutId}, whose shopper was told "declined".`);
    }
  }
}

/** Our reference of a payment is `<checkout>_<attempt>_<provider>`. */
function attemptOf({ metadata }: LedgerRow): number {
  return Number(/_(\d+)_[a-z]+$/.exec(metadata.payment_reference ?? "")?.[1]);
}

/** The answer without what may differ by request, with its keys in one order. */
function canonical({ status, body }: Told): string {
  return `${status} ${JSON.stringify(body, (name, value) => {
    if (name === "requestId") return undefined;
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? Object.fromEntries(Object.entries(value).sort()) : value;
  })}`;
}
