import type { Notice } from "../../../payments/webhook-notice.ts";
import type { WebhookGivenUp } from "../../../schema/webhook-given-up.ts";
import { noticeName } from "../sale/checkout.store.ts";
import type { Checkout, FailedNotice } from "../sale/checkout.ts";
import { noticeGapMs } from "../sale/schedule.ts";

/** Three days by their gaps: as long as providers themselves send a webhook again. */
export const ATTEMPTS_MAX = 24;
const CAUSE_LENGTH_MAX = 300;

/** A notice whose looking into failed just now, and why. */
export type FailedLook = { readonly notice: Notice; readonly problem: unknown };

/** What is to be looked into by now: all that is new, and what failed once its time has come. */
export function dueNotices(
  notices: readonly Notice[],
  { unread = [] }: Checkout,
  nowMs: number,
): readonly Notice[] {
  const early = new Set(
    unread.filter(({ dueAtMs }) => dueAtMs > nowMs).map(({ notice }) => notice),
  );
  return notices.filter((notice) => !early.has(noticeName(notice)));
}

/** The sale after these were tried in vain; what was tried and did not fail is read. */
export function withTried(
  checkout: Checkout,
  tried: readonly Notice[],
  failed: readonly FailedLook[],
  nowMs: number,
): Checkout {
  if (failed.length === 0 && !checkout.unread) return checkout;
  const names = new Set(tried.map(noticeName));
  const { unread = [], ...read } = checkout;
  const left = unread.filter(({ notice }) => !names.has(notice));
  const again = failed.map(({ notice, problem }) => {
    const before = unread.find((each) => each.notice === noticeName(notice));
    return afterTry(before, noticeName(notice), String(problem), nowMs);
  });
  return left.length + again.length === 0 ? read : { ...read, unread: [...left, ...again] };
}

function afterTry(
  before: FailedNotice | undefined,
  notice: string,
  problem: string,
  nowMs: number,
) {
  const attempts = (before?.attempts ?? 0) + 1;
  const firstAtMs = before?.firstAtMs ?? nowMs;
  const cause = problem.slice(0, CAUSE_LENGTH_MAX);
  const dueAtMs = nowMs + noticeGapMs(attempts);
  return { notice, attempts, firstAtMs, lastAtMs: nowMs, dueAtMs, cause };
}

/** What is told of a notice that nobody will look into any more; undefined while somebody will. */
export function givenUp(checkout: Checkout, notice: Notice): WebhookGivenUp | undefined {
  const unread = checkout.unread?.find((each) => each.notice === noticeName(notice));
  if (!unread || unread.attempts < ATTEMPTS_MAX) return undefined;
  const { shopId, checkoutId, region } = checkout;
  const { provider, noticeId, type: webhook } = notice;
  const { cause, attempts, firstAtMs, lastAtMs } = unread;
  return {
    specversion: "1.0",
    id: `${checkoutId}/${unread.notice}`,
    source: `/shops/${shopId}/regions/${region}`,
    type: "tender.checkout.webhook_given_up.v1",
    subject: checkoutId,
    time: new Date(lastAtMs).toISOString(),
    datacontenttype: "application/json",
    shopid: shopId,
    region,
    data: {
      ...{ checkoutId, provider, noticeId, webhook, cause, attempts },
      firstAt: new Date(firstAtMs).toISOString(),
    },
  };
}
