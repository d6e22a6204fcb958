import type { Quote } from "../../../schema/checkout.ts";
import { moneyText, percentText } from "../money-text.ts";

type Row = { readonly label: string; readonly amount: string };

/** The quote exactly as the API gives it; nothing is added up here. */
export function QuoteSummary({ quote }: { quote: Quote }) {
  return (
    <>
      <h2>Your things</h2>
      <ul class="quote-lines">
        {quote.lines.map(({ sku, name, quantity, amount }) => (
          <li key={sku}>
            <span>
              {quantity} × {name}
            </span>
            <span>{moneyText(amount)}</span>
          </li>
        ))}
      </ul>
      <dl class="sums">
        {rowsOf(quote).map(({ label, amount }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{amount}</dd>
          </div>
        ))}
        <div class="grand">
          <dt>Total</dt>
          <dd data-testid="total">{moneyText(quote.total)}</dd>
        </div>
        {quote.taxes
          .filter(({ inclusive }) => inclusive)
          .map((tax) => (
            <div key={tax.name} class="within">
              <dt>{`with ${taxName(tax)} in it`}</dt>
              <dd>{moneyText(tax.amount)}</dd>
            </div>
          ))}
      </dl>
    </>
  );
}

function rowsOf({ subtotal, discounts, shipping, taxes }: Quote): readonly Row[] {
  return [
    { label: "Subtotal", amount: moneyText(subtotal) },
    ...discounts.map(({ name, amount }) => ({ label: name, amount: `−${moneyText(amount)}` })),
    { label: `${shipping.name} delivery`, amount: moneyText(shipping.amount) },
    ...taxes
      .filter(({ inclusive }) => !inclusive)
      .map((tax) => ({ label: taxName(tax), amount: moneyText(tax.amount) })),
  ];
}

function taxName({ name, state, ratePpm }: Quote["taxes"][number]): string {
  // Where the law's own name tells the rate, that of the net price would only confuse.
  if (/\d/.test(name)) return name;
  return [state, name, percentText(ratePpm)].filter((part) => part !== undefined).join(" ");
}
