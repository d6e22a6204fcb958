import { useSignal } from "@preact/signals";
import { customerId, logIn, logOut } from "../state/customer.ts";

/** The demonstration shop asks for no password. */
export function Account() {
  const account = customerId.value;
  if (account === undefined) return <LogIn />;
  return (
    <button type="button" class="quiet" onClick={logOut}>
      Log out {account}
    </button>
  );
}

function LogIn() {
  const isRefused = useSignal(false);
  const submit = async (form: HTMLFormElement) => {
    const account = String(new FormData(form).get("account") ?? "").trim();
    isRefused.value = !(await logIn(account));
  };
  return (
    <form
      class="account"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(event.currentTarget);
      }}
    >
      <input
        name="account"
        aria-label="Account"
        aria-invalid={isRefused.value}
        placeholder="Account"
        autocomplete="username"
        pattern="[A-Za-z0-9_\-]{1,64}"
        title="letters, digits, _ and -"
        required
      />
      <button type="submit" class="quiet">
        Log in
      </button>
    </form>
  );
}
