import { expect, test } from "vitest";
import { asciiEmail, Email, mailboxOf } from "./email.ts";

/** Source: https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address, and RFC 6531 for other scripts. */
test.each([
  ["ada@example.com"],
  ["a&b@example.com"],
  ["o'neill+shop@example.co.uk"],
  ["jörg@example.de"],
  ["ada@müller.example"],
  ["ada@xn--mller-kva.example"],
  ["ada@example.xn--p1ai"],
  ["用户@例え.テスト"],
  ["ada@localhost"],
  [".ada..l.@example.com"],
])("%s is an e-mail address", (email) => {
  expect(Email.safeParse(email)).toEqual({ success: true, data: email });
});

test.each([
  ["ada"],
  ["@example.com"],
  ["ada@"],
  ["ada lovelace@example.com"],
  ["ada@exa mple.com"],
  ["ada@-example.com"],
  ["ada@example..com"],
  ["ada@b@example.com"],
  ["ada@example.com\nBcc: all@example.com"],
  [`ada@${"x".repeat(64)}.example`],
])("%j is none", (email) => {
  expect(Email.safeParse(email).success).toBe(false);
});

test.each([
  ["Ada@Example.COM", "ada@example.com"],
  ["ada@MÜLLER.example", "ada@xn--mller-kva.example"],
  ["ADA@XN--MLLER-KVA.example", "ada@xn--mller-kva.example"],
  ["JÖRG@example.de", "jörg@example.de"],
  ["jo\u0308rg@example.de", "jörg@example.de"],
])("%s is the mailbox %s", (written, mailbox) => {
  expect(mailboxOf(written)).toBe(mailbox);
});

test("a system that knows ASCII alone is told an address that it takes, or none", () => {
  expect(asciiEmail("Ada@müller.example")).toBe("Ada@xn--mller-kva.example");
  expect(asciiEmail("a&b@example.com")).toBe("a&b@example.com");
  expect(asciiEmail("jörg@example.de")).toBeUndefined();
});
