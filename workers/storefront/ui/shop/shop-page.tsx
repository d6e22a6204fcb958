import { market, shelf } from "../../state/shop-window.ts";
import { inWindowOrder } from "../../words/shown-goods.ts";
import { troubleOf } from "../../words/troubles.ts";
import { DeliveryLines } from "../parts/delivery-lines.tsx";
import { Notice } from "../parts/notice.tsx";
import { PageTitle } from "../parts/page-title.tsx";
import { ProductCard } from "./product-card.tsx";

export function ShopPage() {
  return (
    <>
      <section class="hero">
        <PageTitle title="Small Hours">Good things for the small hours.</PageTitle>
        <p>
          Five of them, chosen slowly. Whatever happens to the line, the bank or our machines, you
          get your things once and pay for them once.
        </p>
      </section>
      <Window />
    </>
  );
}

const PLACES = ["a", "b", "c", "d", "e"];

/** Keeps its size while prices come, so that nothing jumps. */
function Window() {
  const answer = shelf.value;
  if (answer && !answer.ok) return <Notice trouble={troubleOf(answer.problem)} />;
  const body = answer?.body;
  const isStale = body?.country !== market.value.country;
  return (
    <>
      <ul class={isStale ? "window stale" : "window"} aria-busy={isStale}>
        {body
          ? inWindowOrder(body.products).map((product) => (
              <ProductCard key={product.sku} product={product} />
            ))
          : PLACES.map((place) => <li key={place} class="card blank" aria-hidden="true" />)}
      </ul>
      {body && <DeliveryLines list={body} />}
    </>
  );
}
