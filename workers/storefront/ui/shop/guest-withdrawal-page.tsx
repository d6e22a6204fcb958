import { useState } from "preact/hooks";
import type { GuestWithdrawalView } from "../../../../schema/withdrawal.ts";
import { call, newKey, type Problem } from "../../browser/shop-api.ts";
import { troubleOf } from "../../words/troubles.ts";
import { Field } from "../parts/field.tsx";
import { Notice } from "../parts/notice.tsx";
import { PageTitle } from "../parts/page-title.tsx";

type Question = { readonly orderNumber: string; readonly email: string };
type Said = GuestWithdrawalView & Pick<Question, "email">;

/** For whoever has another browser than the one that bought it: no login, an order number and an e-mail. */
export function GuestWithdrawalPage() {
  const [said, setSaid] = useState<Said>();
  const [problem, setProblem] = useState<Problem>();
  const send = async ({ orderNumber, email }: Question, confirm: boolean) => {
    setProblem(undefined);
    const body = { orderNumber, email, confirm };
    const answer = await call<GuestWithdrawalView>("/withdrawals", {
      ...{ method: "POST", key: newKey(), body },
    });
    if (answer.ok) setSaid({ ...answer.body, email });
    else setProblem(answer.problem);
  };
  return (
    <section class="narrow checkout">
      <PageTitle title="Withdraw · Small Hours">Withdraw from a contract</PageTitle>
      {problem && <Notice trouble={troubleOf(problem)} />}
      {said ? (
        <Declaration said={said} confirm={() => send(said, true)} />
      ) : (
        <WhichOrder ask={(question) => send(question, false)} />
      )}
    </section>
  );
}

function WhichOrder({ ask }: { readonly ask: (question: Question) => Promise<void> }) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const text = (name: string) => String(form.get(name) ?? "").trim();
        void ask({ orderNumber: text("orderNumber"), email: text("email") });
      }}
    >
      <Field name="orderNumber" label="Order number" autoComplete="off" />
      <Field name="email" label="Email" isEmail autoComplete="email" />
      <button type="submit" class="act">
        Withdraw from contract here
      </button>
    </form>
  );
}

type DeclarationProps = { readonly said: Said; readonly confirm: () => Promise<void> };

function Declaration({ said, confirm }: DeclarationProps) {
  return (
    <>
      <p data-testid="statement">{said.statement}</p>
      <p role="status">{said.next}</p>
      {said.status === "asked" && (
        <button type="button" class="act" onClick={() => void confirm()}>
          Confirm withdrawal
        </button>
      )}
    </>
  );
}
