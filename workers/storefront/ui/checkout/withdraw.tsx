import type { CheckoutView } from "../../../../schema/checkout.ts";
import {
  askToWithdraw,
  confirmWithdrawal,
  isWithdrawing,
  keepTheOrder,
  withdrawalFrom,
  withdrawalProblem,
} from "../../state/current-withdrawal.ts";
import { troubleOf } from "../../words/troubles.ts";
import { Notice } from "../parts/notice.tsx";

type Props = { readonly sale: CheckoutView };

/**
 * The withdrawal function, in the directive's own words: one button to it, one that declares it.
 *
 * Source: Directive 2011/83/EU, article 11a, as amended by Directive (EU) 2023/2673
 */
export function Withdraw({ sale }: Props) {
  const asked = withdrawalFrom(sale);
  const problem = withdrawalProblem.value;
  if (asked?.status === "confirmed") return <Acknowledged sale={sale} />;
  return (
    <section class="withdrawal" aria-label="Withdrawal">
      {problem && <Notice trouble={troubleOf(problem)} />}
      {asked ? (
        <>
          <p data-testid="statement">{asked.statement}</p>
          <button
            type="button"
            class="act"
            disabled={isWithdrawing.value}
            onClick={() => void confirmWithdrawal(sale)}
          >
            Confirm withdrawal
          </button>
          <button type="button" class="quiet" onClick={keepTheOrder}>
            Keep the order
          </button>
        </>
      ) : (
        <button
          type="button"
          class="quiet"
          disabled={isWithdrawing.value}
          onClick={() => void askToWithdraw(sale)}
        >
          Withdraw from contract here
        </button>
      )}
    </section>
  );
}

/** What the mail says, too. It stays on the page when the order is cancelled by it. */
export function Acknowledged({ sale }: Props) {
  const { acknowledgement } = withdrawalFrom(sale) ?? {};
  if (!acknowledgement) return null;
  return (
    <section class="withdrawal" aria-label="Withdrawal" role="status">
      {acknowledgement.split("\n\n").map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
    </section>
  );
}
