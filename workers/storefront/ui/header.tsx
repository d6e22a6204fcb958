import { goTo, place } from "../browser/place.ts";
import { isCartOpen, pieces } from "../state/current-cart.ts";
import { markets } from "../state/markets.ts";
import { chooseCountry, market } from "../state/shop-window.ts";
import { Account } from "./account.tsx";

export function Header() {
  return (
    <header class="top">
      <a
        class="brand"
        href="/"
        onClick={(event) => {
          event.preventDefault();
          goTo("/");
        }}
      >
        <img src="/favicon.svg" alt="" width="36" height="36" />
        Small Hours
      </a>
      {place.value.page === "shop" && <CountrySwitch />}
      {place.value.page === "shop" && <Account />}
      {place.value.page === "shop" ? <CartButton /> : <BackToShop />}
    </header>
  );
}

function CountrySwitch() {
  return (
    <label class="country">
      <span class="country-label">Deliver to</span>
      <select
        value={market.value.country}
        onChange={(event) => chooseCountry(event.currentTarget.value)}
      >
        {markets.map(({ country, name, currency }) => (
          <option key={country} value={country}>
            {name} · {currency}
          </option>
        ))}
      </select>
    </label>
  );
}

function CartButton() {
  const count = pieces.value;
  return (
    <button
      type="button"
      class="cart-button"
      aria-haspopup="dialog"
      aria-label={`Cart, ${count} ${count === 1 ? "piece" : "pieces"}`}
      onClick={() => {
        isCartOpen.value = true;
      }}
    >
      <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
        <path d="M4 9h16l-1.6 10.5a2 2 0 0 1-2 1.5H7.6a2 2 0 0 1-2-1.5zM8 9c0-4 1.6-6 4-6s4 2 4 6" />
      </svg>
      <span class="count">{count}</span>
    </button>
  );
}

function BackToShop() {
  return (
    <a
      class="back"
      href="/"
      onClick={(event) => {
        event.preventDefault();
        goTo("/");
      }}
    >
      Back to the shop
    </a>
  );
}
