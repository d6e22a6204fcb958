import { useEffect, useRef } from "preact/hooks";
import type { CartLine } from "../../../../schema/cart.ts";
import { goTo } from "../../browser/place.ts";
import {
  cart,
  cartCuts,
  cartProblem,
  isCartBusy,
  isCartOpen,
  setQuantity,
} from "../../state/current-cart.ts";
import { shelf } from "../../state/shop-window.ts";
import { cutsOf } from "../../words/cart-cuts.ts";
import { goodsOf } from "../../words/shown-goods.ts";
import { moneyText } from "../../words/shown-money.ts";
import { troubleOf } from "../../words/troubles.ts";
import { DeliveryLines } from "../parts/delivery-lines.tsx";
import { Notice } from "../parts/notice.tsx";

/** A modal dialog of the browser's own: it keeps the focus, and Escape closes it. */
export function CartDrawer() {
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = isCartOpen.value;
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  const close = () => {
    isCartOpen.value = false;
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard closes it with Escape
    <dialog
      ref={dialog}
      class="drawer"
      aria-labelledby="cart-title"
      onClose={close}
      onClick={(event) => event.target === event.currentTarget && close()}
    >
      <div class="drawer-inside">
        <div class="drawer-head">
          <h2 id="cart-title">Your cart</h2>
          <button type="button" class="quiet" onClick={close}>
            Close
          </button>
        </div>
        <Contents />
      </div>
    </dialog>
  );
}

function Contents() {
  const lines = cart.value?.lines ?? [];
  const problem = cartProblem.value;
  return (
    <>
      {problem && <Notice trouble={troubleOf(problem)} />}
      {cartCuts.value.length > 0 && <Notice trouble={cutsOf(cartCuts.value)} />}
      {lines.length === 0 ? (
        <p class="empty">Nothing in here yet. The mug is lonely.</p>
      ) : (
        <ul class="cart-lines">
          {lines.map((line) => (
            <Line key={line.sku} line={line} />
          ))}
        </ul>
      )}
      {cart.value && lines.length > 0 && <ToCheckout subtotal={moneyText(cart.value.subtotal)} />}
    </>
  );
}

function Line({ line }: { line: CartLine }) {
  const { sku, quantity, amount } = line;
  const name = line.name ?? sku;
  const set = (wanted: number) => {
    if (!isCartBusy.peek()) void setQuantity(sku, wanted);
  };
  return (
    <li>
      <img src={goodsOf(sku).picture} alt="" width="72" height="60" />
      <div>
        <p class="cart-name">{name}</p>
        <div class="stepper">
          <button type="button" aria-label={`One ${name} less`} onClick={() => set(quantity - 1)}>
            −
          </button>
          <output aria-label={`${name}: pieces`}>{quantity}</output>
          <button type="button" aria-label={`One ${name} more`} onClick={() => set(quantity + 1)}>
            +
          </button>
        </div>
      </div>
      <p class="cart-amount">{amount ? moneyText(amount) : "not sold here any more"}</p>
    </li>
  );
}

function ToCheckout({ subtotal }: { subtotal: string }) {
  return (
    <div class="drawer-foot">
      <p class="total-line">
        <span>Subtotal</span>
        <strong>{subtotal}</strong>
      </p>
      {shelf.value?.ok && <DeliveryLines list={shelf.value.body} />}
      <button
        type="button"
        class="act"
        onClick={(event) => {
          // At once: it hands the focus back, and the next page takes it from there.
          event.currentTarget.closest("dialog")?.close();
          goTo("/checkout");
        }}
      >
        Go to the checkout
      </button>
    </div>
  );
}
