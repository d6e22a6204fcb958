import type { ProductList } from "../../../../schema/product.ts";
import { isCartBusy, isCartOpen, quantityOf, setQuantity } from "../../state/current-cart.ts";
import { goodsOf } from "../../words/shown-goods.ts";
import { moneyText } from "../../words/shown-money.ts";
import { Facts } from "./product-facts.tsx";

type Product = ProductList["products"][number];

export function ProductCard({ product }: { product: Product }) {
  const { sku, name, unitAmount, facts } = product;
  const { picture, words } = goodsOf(sku);
  const inCart = quantityOf(sku);
  return (
    <li class="card" data-sku={sku}>
      <div class="picture">
        <img src={picture} alt="" width="480" height="400" />
      </div>
      <div class="label">
        <h2>{name}</h2>
        <p class="words">{words}</p>
        <p class="price">{moneyText(unitAmount)}</p>
        {facts && <Facts name={name} facts={facts} />}
        <button
          type="button"
          aria-label={`Add to cart: ${name}${inCart > 0 ? `, ${inCart} in it` : ""}`}
          aria-disabled={isCartBusy.value}
          onClick={() => {
            if (!isCartBusy.peek()) void add(sku, inCart + 1);
          }}
        >
          Add to cart
          {inCart > 0 && <span class="in-cart">{inCart}</span>}
        </button>
      </div>
    </li>
  );
}

async function add(sku: string, quantity: number): Promise<void> {
  await setQuantity(sku, quantity);
  isCartOpen.value = true;
}
