import {
  type CountryCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from "libphonenumber-js/min";
import type { Country } from "./regions.ts";

/**
 * A telephone number as it is dialled from anywhere (ITU-T E.164, `+4930901820`), without an extension;
 * undefined for what is no number. `written` is as people write it: as it is dialled in `country`, or with a
 * plus and another country's code, with blanks, brackets, dashes, in digits of any script.
 * Source: libphonenumber's metadata, in its smallest edition, which the edge carries for the card guard
 * anyway: it knows each country's lengths and beginnings, and not which ranges are given out.
 */
export function e164Of(written: string, country: Country): string | undefined {
  const phone = parsePhoneNumberFromString(written, {
    ...(isSupportedCountry(country) ? { defaultCountry: country satisfies CountryCode } : {}),
    extract: false,
  });
  return phone?.isValid() ? phone.number : undefined;
}

/** Why what stands in an address's phone is refused, and what to do; undefined where it is a number or empty. */
export function phoneFault(written: string, country: Country): string | undefined {
  if (written.trim() === "" || e164Of(written, country) !== undefined) return undefined;
  return (
    `not a telephone number of ${country}: write it as it is dialled there, or with a plus and its ` +
    "country's code, such as +49 30 23125 000; or leave it empty"
  );
}
