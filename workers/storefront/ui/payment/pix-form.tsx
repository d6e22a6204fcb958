import { useRef } from "preact/hooks";
import { pay, waitingFor } from "../../state/current-sale.ts";
import { isCpf } from "./cpf.ts";

/** Pix names the payer by their CPF; it goes to the provider and is not kept in this browser. */
export function PixForm({ total }: { readonly total: string }) {
  const field = useRef<HTMLInputElement>(null);
  const submit = () => {
    const cpf = field.current?.value.trim() ?? "";
    void pay({ method: "pix", details: { cpf } });
  };
  return (
    <form
      class="way-panel"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <label class="field cpf" htmlFor="cpf">
        <span>
          CPF <small>such as 123.456.789-09</small>
        </span>
        <input
          ref={field}
          id="cpf"
          name="cpf"
          type="text"
          inputMode="numeric"
          autoComplete="off"
          maxLength={14}
          required
          onInput={({ currentTarget }) => judge(currentTarget)}
        />
      </label>
      <button type="submit" class="act" aria-disabled={waitingFor.value !== undefined}>
        Pay {total} with Pix
      </button>
      <p class="fine-print">You get a code for your bank's app, and some minutes to pay it.</p>
    </form>
  );
}

/** The browser says it beside the field when the shopper sends the form. */
function judge(field: HTMLInputElement): void {
  const text = field.value.trim();
  const isGood = /^\d{3}\.?\d{3}\.?\d{3}-?\d{2}$/.test(text) && isCpf(text);
  field.setCustomValidity(
    text === "" || isGood ? "" : "This is no CPF: eleven digits, the last two check the others.",
  );
}
