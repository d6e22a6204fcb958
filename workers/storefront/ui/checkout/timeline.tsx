import type { CheckoutView } from "../../../../schema/checkout.ts";
import type { TimelineEntry } from "../../../../schema/timeline.ts";
import { reasonText } from "../../words/reasons.ts";
import { timeText } from "../../words/shown-money.ts";
import { moodOf, sentenceOf, smallPrint } from "../../words/step-words.ts";

type Props = {
  readonly entries: readonly TimelineEntry[];
  readonly status: CheckoutView["status"] | undefined;
};

/** What happens behind the counter, live. Each new sentence is read out when it comes. */
export function Timeline({ entries, status }: Props) {
  return (
    <section class="timeline" aria-label="Behind the counter">
      <h2>Behind the counter</h2>
      <ol aria-live="polite" aria-relevant="additions text" data-status={status}>
        {entries.map((entry) => (
          <Entry
            key={`${entry.detail?.run}/${entry.step}/${entry.detail?.option}`}
            entry={entry}
            all={entries}
          />
        ))}
      </ol>
    </section>
  );
}

type EntryProps = { readonly entry: TimelineEntry; readonly all: readonly TimelineEntry[] };

function Entry({ entry, all }: EntryProps) {
  const mood = moodOf(entry, all);
  const reason = reasonText(entry.detail?.reason);
  return (
    <li class={`entry ${mood}`} data-step={entry.step} data-state={entry.state}>
      <span class="knot" aria-hidden="true" />
      <p class="entry-words">{sentenceOf(entry, all)}</p>
      {reason && <p class="entry-reason">{reason}</p>}
      <p class="entry-print" aria-hidden="true">
        <time dateTime={entry.at}>{timeText(entry.at)}</time>
        {smallPrint(entry).map((part) => (
          <span key={part}>{part}</span>
        ))}
      </p>
    </li>
  );
}
