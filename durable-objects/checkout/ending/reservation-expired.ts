import type { ReservationExpired } from "../../../schema/reservation.ts";
import type { Checkout } from "../sale/checkout.ts";

/** What is told of a checkout that nobody paid in time. The same checkout tells the same. */
export function reservationExpired(checkout: Checkout): ReservationExpired {
  const { checkoutId, shopId, region, customerReference, hold, quote, payments } = checkout;
  return {
    specversion: "1.0",
    id: `${checkoutId}/expired`,
    source: `/shops/${shopId}/regions/${region}`,
    type: "tender.checkout.reservation_expired.v1",
    subject: checkoutId,
    time: new Date(checkout.expiresAtMs).toISOString(),
    datacontenttype: "application/json",
    shopid: shopId,
    region,
    data: {
      checkoutId,
      customerReference,
      lines: [...hold.lines],
      total: quote.total,
      createdAt: new Date(checkout.createdAtMs).toISOString(),
      attempts: payments.map(({ attempt, method, status, provider, refusal }) => ({
        ...{ attempt, method, status },
        ...(provider ? { provider } : {}),
        ...(refusal ? { refused: refusal.refused } : {}),
      })),
    },
  };
}
