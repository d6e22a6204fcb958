import type { Quote, QuoteLine } from "../../../../schema/checkout.ts";
import type { QuoteDiscount } from "../../../../schema/quote-parts.ts";
import { moneyText, percentText } from "../../words/shown-money.ts";

type Row = {
  readonly label: string;
  readonly reason?: string | undefined;
  readonly amount: string;
};

/** The quote exactly as the API gives it; nothing is added up here. */
export function QuoteSummary({ quote }: { quote: Quote }) {
  const within = quote.taxes.filter(({ inclusive }) => inclusive);
  const notes = new Set(quote.taxes.flatMap(({ note }) => note ?? []));
  return (
    <>
      <h2>Your things</h2>
      <ul class="quote-lines">
        {quote.lines.map((line) => (
          <Line key={line.sku} line={line} />
        ))}
      </ul>
      <dl class="sums">
        {rowsOf(quote).map(({ label, reason, amount }) => (
          <div key={label}>
            <dt>
              {label}
              {reason && <small>{reason}</small>}
            </dt>
            <dd>{amount}</dd>
          </div>
        ))}
        <div class="grand">
          <dt>Total</dt>
          <dd data-testid="total">{moneyText(quote.total)}</dd>
        </div>
        {within.map((tax) => (
          <div key={taxName(tax)} class="within">
            <dt>{`with ${taxName(tax)} in it`}</dt>
            <dd>{moneyText(tax.amount)}</dd>
          </div>
        ))}
      </dl>
      {[...notes].map((note) => (
        <p key={note} class="fine-print">
          {note}.
        </p>
      ))}
    </>
  );
}

function Line({ line }: { readonly line: QuoteLine }) {
  const { name, quantity, amount, shipsFrom, discounts = [] } = line;
  return (
    <li>
      <span>
        {quantity} × {name}
        {discounts.map((discount) => (
          <small key={discount.name}>{`${reasonOf(discount)}, ${offText(discount)}`}</small>
        ))}
        {shipsFrom && (
          <small>Sold out near you: it comes from farther away and takes longer.</small>
        )}
      </span>
      <span>{moneyText(amount)}</span>
    </li>
  );
}

function rowsOf({ subtotal, discounts, shipping, taxes, duties }: Quote): readonly Row[] {
  return [
    { label: "Subtotal", amount: moneyText(subtotal) },
    { label: `${shipping.name} delivery`, amount: moneyText(shipping.amount) },
    ...discounts.map((discount) => ({
      label: discount.name,
      reason: discount.explanation,
      amount: offText(discount),
    })),
    ...taxes
      .filter(({ inclusive }) => !inclusive)
      .map((tax) => ({ label: taxName(tax), amount: moneyText(tax.amount) })),
    ...(duties ? [dutiesRow(duties)] : []),
  ];
}

function dutiesRow({ into, amount }: NonNullable<Quote["duties"]>): Row {
  const label = `Import duties, ${into}`;
  return { label, amount: amount ? moneyText(amount) : "not included" };
}

function reasonOf({ name, explanation }: QuoteDiscount): string {
  return explanation ? `${name}: ${explanation}` : name;
}

function offText({ amount }: QuoteDiscount): string {
  return `−${moneyText(amount)}`;
}

function taxName({ name, state, ratePpm, taxClass }: Quote["taxes"][number]): string {
  // Where the law's own name tells the rate, that of the net price would only confuse.
  if (/\d/.test(name)) return name;
  const parts = [state, name, percentText(ratePpm), taxClass && `on ${taxClass}`];
  return parts.filter((part) => part !== undefined).join(" ");
}
