import * as z from "zod";

/**
 * As HTML's own pattern has it, with the letters of every script beside ASCII's (RFC 6531, 6532). `type=email` of a
 * browser lets `a@localhost` pass as well: whether a mail arrives is found out by sending one.
 * Source: https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address
 */
const PATTERN =
  /^[\p{L}\p{M}\p{N}.!#$%&'*+/=?^_`{|}~-]+@[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?)*$/u;
const LENGTH_MAX = 254; // RFC 5321 4.5.3.1.3, errata 1690

export const Email = z
  .string()
  .trim()
  .max(LENGTH_MAX)
  .regex(PATTERN, "an e-mail address such as ada@example.com")
  .describe("as HTML's own pattern, with letters of any script");

/**
 * Whose it is: the same for every way to write one address. Capitals mean nothing, neither in a domain (RFC 4343)
 * nor, in mail systems as they are, before the @; a domain is the same in its own letters and as `xn--`.
 */
export function mailboxOf(email: string): string {
  const { local, domain } = parted(email);
  return `${folded(local)}@${asciiDomain(folded(domain))}`;
}

/** As systems take it that know ASCII alone; undefined where there is no such way to write it. */
export function asciiEmail(email: string): string | undefined {
  const { local, domain } = parted(email);
  return isAscii(local) ? `${local}@${asciiDomain(domain)}` : undefined;
}

function parted(email: string) {
  const at = email.lastIndexOf("@");
  return { local: email.slice(0, at), domain: email.slice(at + 1) };
}

function folded(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

function isAscii(text: string): boolean {
  return /^[\x21-\x7e]*$/.test(text);
}

/** UTS 46 stands in the platform's own URLs; what they do not take stays as it is. */
function asciiDomain(domain: string): string {
  if (isAscii(domain)) return domain;
  const url = `https://${domain}`;
  return URL.canParse(url) ? new URL(url).hostname : domain;
}
