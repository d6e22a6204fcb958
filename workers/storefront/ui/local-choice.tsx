import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { pay, waitingFor } from "../sale.ts";

type Total = { readonly total: string };

/** iDEAL: the shopper chooses the bank on the provider's page. */
export function IdealChoice({ total }: Total) {
  return (
    <PayForm label={`Pay ${total} with iDEAL`} onPay={() => pay({ method: "ideal" })}>
      <p>You choose your bank on the next page and confirm there. Then you come back here.</p>
    </PayForm>
  );
}

/** Pix: banks in Brazil want to know whose payment it is. */
export function PixChoice({ total }: Total) {
  const submit = (form: HTMLFormElement) =>
    pay({ method: "pix", details: { cpf: String(new FormData(form).get("cpf")).trim() } });
  return (
    <PayForm label={`Pay ${total} with Pix`} onPay={submit}>
      <label class="field cpf" htmlFor="cpf">
        <span>
          CPF <small>eleven digits, as in 123.456.789-09</small>
        </span>
        <input
          id="cpf"
          name="cpf"
          type="text"
          inputMode="numeric"
          autoComplete="off"
          required
          maxLength={14}
          pattern="\d{3}\.?\d{3}\.?\d{3}-?\d{2}"
          title="Eleven digits, with or without dots and dash"
        />
      </label>
    </PayForm>
  );
}

/** As Adyen names them; where a provider cannot open an app of itself, its page does. */
const upiApps = [
  ["", "Show me a code to scan"],
  ["gpay", "Google Pay"],
  ["phonepe", "PhonePe"],
  ["paytm", "Paytm"],
  ["bhim", "BHIM"],
] as const;

export function UpiChoice({ total }: Total) {
  const [app, setApp] = useState("");
  const submit = () => pay({ method: "upi", ...(app ? { details: { app } } : {}) });
  return (
    <PayForm label={`Pay ${total} with UPI`} onPay={submit}>
      <label class="field" htmlFor="upi-app">
        <span>Your UPI app</span>
        <select
          id="upi-app"
          value={app}
          onChange={({ currentTarget }) => setApp(currentTarget.value)}
        >
          {upiApps.map(([id, name]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </PayForm>
  );
}

type PayFormProps = {
  readonly label: string;
  readonly onPay: (form: HTMLFormElement) => Promise<void>;
  readonly children: ComponentChildren;
};

function PayForm({ label, onPay, children }: PayFormProps) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void onPay(event.currentTarget);
      }}
    >
      {children}
      <button type="submit" class="act" aria-disabled={waitingFor.value !== undefined}>
        {label}
      </button>
    </form>
  );
}
