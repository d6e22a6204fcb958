/** Three carriers' answers as they stand on the wire, for one parcel. */
const answers: Readonly<Record<string, object>> = {
  northline: {
    rates: [
      {
        ...{ serviceCode: "NL-STD", serviceName: "Northline Standard" },
        totalCharge: { amount: "6.35", currency: "EUR" },
      },
      {
        ...{ serviceCode: "NL-24H", serviceName: "Northline 24 hours" },
        totalCharge: { amount: "13.80", currency: "USD" },
      },
    ],
  },
  kestrel: {
    RateResponse: {
      Response: { ResponseStatus: { Code: "1" } },
      RatedShipment: [
        {
          Service: { Code: "11", Description: "Kestrel Air" },
          TotalCharges: { CurrencyCode: "EUR", MonetaryValue: "16.5" },
        },
      ],
    },
  },
  landpost: { currency: "EUR", prices: [{ product: "parcel", label: "Parcel", minor: 575 }] },
};

type Manner = (carrier: string, signal: AbortSignal) => Promise<Response>;
const carrierIn = (url: string) => new URL(url).pathname.split("/")[1] ?? "";

export const wellAnswered: Manner = async (carrier) => Response.json(answers[carrier]);

/** Never answers; gives up when it is told to. */
export const silent: Manner = (_carrier, signal) =>
  new Promise((_answer, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason), { once: true }),
  );

/** Carriers behind one base URL, each as it is told to be; what they were asked is kept. */
export function carriersOnWire() {
  const asked: { readonly carrier: string; readonly url: string; readonly body: unknown }[] = [];
  const manners = new Map<string, Manner>();
  const fetch = async (...[input, init]: Parameters<typeof globalThis.fetch>) => {
    const url = String(input);
    const carrier = carrierIn(url);
    const { body } = init ?? {};
    asked.push({ carrier, url, body: typeof body === "string" ? JSON.parse(body) : undefined });
    const signal = init?.signal ?? new AbortController().signal;
    return (manners.get(carrier) ?? wellAnswered)(carrier, signal);
  };
  return {
    ...{ asked, fetch },
    is: (carrier: string, manner: Manner) => manners.set(carrier, manner),
    timesAsked: (carrier: string) => asked.filter((each) => each.carrier === carrier).length,
  };
}
