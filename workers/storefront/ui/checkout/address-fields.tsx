import { useEffect } from "preact/hooks";
import type { FormField } from "../../../../schema/address-form.ts";
import { addressForm, loadAddressForm, market } from "../../state/shop-window.ts";
import { addressWords } from "../../words/address-words.ts";
import { Field } from "../parts/field.tsx";

/** What the shopper wrote into the fields that the country's form has. */
export function addressIn(written: FormData): Record<string, string> {
  const names = formFields(addressForm.peek()).map(({ field }) => field);
  return Object.fromEntries(
    names.map((name) => [name, String(written.get(name) ?? "").trim()] as const),
  );
}

/** In the country's own order, as the shop tells it. */
export function AddressFields() {
  const { name, states } = market.value;
  useEffect(() => {
    void loadAddressForm(market.value);
  }, [market.value]);
  return (
    <fieldset class="address">
      <legend>Address in {name}</legend>
      {formFields(addressForm.value).map((field) =>
        field.field === "state" && states ? (
          <StateChoice key={field.field} states={states} />
        ) : (
          <AddressField key={field.field} field={field} />
        ),
      )}
    </fieldset>
  );
}

function AddressField({ field }: { readonly field: FormField }) {
  const { field: name, kind, required, example } = field;
  const { label, autoComplete } = addressWords(name, kind);
  const hint = [example && `such as ${example}`, !required && "optional"]
    .filter(Boolean)
    .join(", ");
  return (
    <Field
      name={name}
      label={label}
      autoComplete={autoComplete}
      isRequired={required}
      {...(hint ? { hint } : {})}
    />
  );
}

type States = readonly (readonly [code: string, name: string])[];

function StateChoice({ states }: { readonly states: States }) {
  return (
    <label class="field wide">
      <span>State</span>
      <select name="state" required autoComplete="address-level1">
        <option value="">Choose one</option>
        {states.map(([code, state]) => (
          <option key={code} value={code}>
            {state}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Where the shop cannot tell now, every field is offered, and the shop says what is amiss. */
function formFields(form: typeof addressForm.value): readonly FormField[] {
  if (form === undefined) return [];
  return form.ok ? form.body.fields : plainFields;
}

const plainFields: readonly FormField[] = [
  { field: "name", kind: "name", required: true },
  { field: "line1", kind: "street", required: true },
  { field: "postalCode", kind: "postal_code", required: false },
  { field: "city", kind: "city", required: false },
  { field: "state", kind: "province", required: false },
];
