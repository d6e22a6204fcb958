import type { ShopNotice } from "../../schema/shop-notices.ts";

const union =
  "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split(" ");

/** What the demo shop tells before an order is placed. A real shop puts its own here, in its shoppers' language. */
export const shopNotices: readonly ShopNotice[] = [
  {
    ...{ kind: "withdrawal", title: "Changed your mind?", countries: union },
    text: "You may withdraw from this contract within 14 days of receiving your things, without giving a reason. The order's page has a button for it.",
  },
  {
    ...{ kind: "legal_guarantee", title: "Legal guarantee of conformity", countries: union },
    // Directive (EU) 2024/825 applies from this day on.
    from: "2026-09-27T00:00",
    text: "Goods that are faulty, or are not as described, are repaired, replaced or paid back, free of charge, for at least two years after you got them.",
    url: "https://europa.eu/youreurope/citizens/consumers/shopping/guarantees-and-returns/index_en.htm",
  },
  {
    ...{ kind: "terms", title: "Terms" },
    text: "This is a demonstration: nothing is sent, and test cards alone are taken.",
  },
  {
    ...{ kind: "privacy", title: "Privacy" },
    text: "What you type stays in this machine's storage, and is erased with it.",
  },
];
