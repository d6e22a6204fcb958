/** A country that the shop's window is dressed for. Which currencies it sells in the API decides. */
export type Market = {
  readonly country: string;
  readonly name: string;
  readonly currency: string;
  /** English as it writes numbers there. */
  readonly locale: string;
  readonly states?: readonly (readonly [code: string, name: string])[];
};

const pairs = (list: string) =>
  list.split(",").map((pair) => [pair.slice(0, 2), pair.slice(3)] as const);

const americanStates = pairs(
  "AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut," +
    "DE Delaware,DC District of Columbia,FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois," +
    "IN Indiana,IA Iowa,KS Kansas,KY Kentucky,LA Louisiana,ME Maine,MD Maryland,MA Massachusetts," +
    "MI Michigan,MN Minnesota,MS Mississippi,MO Missouri,MT Montana,NE Nebraska,NV Nevada," +
    "NH New Hampshire,NJ New Jersey,NM New Mexico,NY New York,NC North Carolina,ND North Dakota," +
    "OH Ohio,OK Oklahoma,OR Oregon,PA Pennsylvania,RI Rhode Island,SC South Carolina," +
    "SD South Dakota,TN Tennessee,TX Texas,UT Utah,VT Vermont,VA Virginia,WA Washington," +
    "WV West Virginia,WI Wisconsin,WY Wyoming",
);

const germany: Market = {
  country: "DE",
  name: "Germany",
  currency: "EUR",
  locale: "en-IE",
};

export const markets: readonly Market[] = [
  germany,
  {
    country: "NL",
    name: "Netherlands",
    currency: "EUR",
    locale: "en-IE",
  },
  {
    country: "US",
    name: "United States",
    currency: "USD",
    locale: "en-US",
    states: americanStates,
  },
  {
    country: "GB",
    name: "United Kingdom",
    currency: "GBP",
    locale: "en-GB",
  },
  {
    country: "IN",
    name: "India",
    currency: "INR",
    locale: "en-IN",
  },
  {
    country: "BR",
    name: "Brazil",
    currency: "BRL",
    locale: "en-US",
  },
  {
    country: "JP",
    name: "Japan",
    currency: "JPY",
    locale: "en-US",
  },
];

export function marketOf(country: string | null | undefined): Market {
  return markets.find((market) => market.country === country) ?? germany;
}
