import type { ProductFacts, ProductOperator } from "../../../../schema/product-facts.ts";
import { countryText } from "../../words/country-text.ts";

/** What the law wants beside the offer. Shown as the merchant wrote it. */
export function Facts({ name, facts }: { readonly name: string; readonly facts: ProductFacts }) {
  const { manufacturer, responsiblePerson, warnings, originCountry } = facts;
  return (
    <>
      {warnings && (
        <p class="warnings">
          <strong>Safety:</strong> {warnings}
        </p>
      )}
      {(manufacturer || responsiblePerson || originCountry) && (
        <details class="facts">
          <summary aria-label={`Who made it: ${name}`}>Who made it</summary>
          <dl>
            {manufacturer && <Operator what="Manufacturer" operator={manufacturer} />}
            {responsiblePerson && (
              <Operator what="Responsible in the EU" operator={responsiblePerson} />
            )}
            {originCountry && (
              <div>
                <dt>Made in</dt>
                <dd>{countryText(originCountry)}</dd>
              </div>
            )}
          </dl>
        </details>
      )}
    </>
  );
}

function Operator({
  what,
  operator,
}: {
  readonly what: string;
  readonly operator: ProductOperator;
}) {
  const { name, postalAddress, electronicAddress } = operator;
  return (
    <div>
      <dt>{what}</dt>
      <dd>
        {name}, {postalAddress}, <Electronic address={electronicAddress} />
      </dd>
    </div>
  );
}

function Electronic({ address }: { readonly address: string }) {
  if (/^https:\/\//.test(address)) return <a href={address}>{address}</a>;
  const isMail = /^[^\s@]+@[^\s@]+$/.test(address);
  return isMail ? <a href={`mailto:${address}`}>{address}</a> : <span>{address}</span>;
}
