import type { PaymentDetails } from "../../schema/payment.ts";

const LANGUAGE_MAX = 35;

/** What a card's bank wants to know of the browser before it decides about 3-D Secure. */
export function browserDetails(): NonNullable<PaymentDetails["browser"]> {
  return {
    acceptHeader: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    userAgent: navigator.userAgent,
    language: navigator.language.slice(0, LANGUAGE_MAX),
    colorDepth: screen.colorDepth,
    screenHeight: screen.height,
    screenWidth: screen.width,
    timeZoneOffset: new Date().getTimezoneOffset(),
    javaEnabled: false,
  };
}
