import type { Quote } from "../../../../schema/checkout.ts";

type Props = { readonly quote: Pick<Quote, "notices" | "duties"> };

/** What the shop has to tell before the button that pays. */
export function Notices({ quote: { notices = [], duties } }: Props) {
  if (notices.length === 0 && !duties) return null;
  return (
    <section class="notices" aria-label="Before you order">
      {duties && <p>{duties.note}.</p>}
      {notices.map(({ title, text, url }) => (
        <p key={title}>
          <strong>{title}.</strong> {text}{" "}
          {url && (
            <a href={url} target="_blank" rel="noreferrer">
              {text ? `More about it: ${title}` : title}
            </a>
          )}
        </p>
      ))}
    </section>
  );
}
