import { place } from "../browser/place.ts";
import { triesInVain } from "../browser/shop-api.ts";
import { CheckoutPage } from "./checkout/checkout-page.tsx";
import { Header } from "./header.tsx";
import { CartDrawer } from "./shop/cart-drawer.tsx";
import { GuestWithdrawalPage } from "./shop/guest-withdrawal-page.tsx";
import { ShopPage } from "./shop/shop-page.tsx";

export function App() {
  return (
    <>
      <a class="skip" href="#main">
        Skip to the goods
      </a>
      <Header />
      <LineNotice />
      <main id="main">
        <Page />
      </main>
      <Footer />
      <CartDrawer />
    </>
  );
}

function Page() {
  switch (place.value.page) {
    case "shop":
      return <ShopPage />;
    case "checkout":
      return <CheckoutPage />;
    case "withdraw":
      return <GuestWithdrawalPage />;
  }
}

/** Says that a call goes on by itself; there when it speaks, so that nothing jumps. */
function LineNotice() {
  const isShown = triesInVain.value > 1;
  return (
    <div class={isShown ? "line-notice shown" : "line-notice"} role="status">
      {isShown ? "The line is bad. Still trying, with the same key: nothing happens twice." : ""}
    </div>
  );
}

function Footer() {
  return (
    <footer>
      <p>
        Small Hours is the demonstration shop of Tender. Its cards are test cards; nothing ships.
      </p>
      <nav aria-label="About">
        <a href="/withdraw">Withdraw from contract here</a>
        <a href="/docs">API reference</a>
        <a href="/docs/problems">Refusals</a>
      </nav>
    </footer>
  );
}
