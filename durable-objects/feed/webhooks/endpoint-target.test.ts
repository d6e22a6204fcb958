import { expect, test } from "vitest";
import { whyNotTarget } from "./endpoint-target.ts";

const strict = { RESIDENCY: "enforced", WEBHOOK_TARGETS_LOCAL: "refused" };
const local = { RESIDENCY: "simulated", WEBHOOK_TARGETS_LOCAL: "allowed" };

test.each([
  "https://shop.example/hooks",
  "https://shop.example:8443/hooks?from=tender",
  "https://8.8.8.8/",
  "https://[2606:4700::1111]/",
])("%s is on the public internet", (url) => {
  expect(whyNotTarget(url, strict)).toBeUndefined();
});

test.each([
  ["loopback", "https://127.0.0.1/ https://127.9.9.9/ https://localhost/ https://a.localhost./"],
  [
    "loopback, otherwise spelled",
    "https://2130706433/ https://0x7f.1/ https://0177.0.0.1/ https://127.1/",
  ],
  ["this host", "https://0/ https://0.0.0.0/ https://[::]/ https://[::1]/"],
  [
    "private networks",
    "https://10.0.0.1/ https://172.16.9.1/ https://192.168.1.1/ https://100.64.0.1/",
  ],
  [
    "private networks, otherwise spelled",
    "https://0xa.0.0.1/ https://3232235777/ https://0300.0250.1.1/",
  ],
  [
    "link-local addresses, and a cloud's metadata",
    "https://169.254.169.254/ https://2852039166/ https://[fe80::1]/",
  ],
  ["unique local addresses", "https://[fc00::1]/ https://[fd00:ec2::254]/"],
  [
    "mapped and embedded IPv4",
    "https://[::ffff:127.0.0.1]/ https://[::ffff:a00:1]/ https://[64:ff9b::7f00:1]/",
  ],
  ["tunnels", "https://[2002:7f00:1::]/ https://[2001:0:7f00:1::]/"],
  [
    "multicast, reserved and documentation",
    "https://224.0.0.1/ https://255.255.255.255/ https://[ff02::1]/ https://[2001:db8::1]/",
  ],
  [
    "inner names",
    "https://metadata.google.internal/ https://printer.local/ https://intranet/ https://x.home.arpa/",
  ],
  ["what is no https", "http://shop.example/ ftp://shop.example/ file:///etc/passwd"],
  ["a user or a password", "https://ada@shop.example/ https://ada:pw@shop.example/"],
  ["what is no URL", "shop.example https:// https://[::1"],
])("%s: refused", (_what, urls) => {
  for (const url of urls.split(" ")) {
    expect(whyNotTarget(url, strict), url).toMatchObject({ refused: "webhook_target_refused" });
  }
});

test("this machine may be allowed locally, and nothing else with it", () => {
  for (const url of ["http://127.0.0.1:9000/", "http://localhost:9000/", "http://[::1]/"]) {
    expect(whyNotTarget(url, local), url).toBeUndefined();
  }
  for (const url of ["http://169.254.169.254/", "http://10.0.0.1/", "http://shop.example/"]) {
    expect(whyNotTarget(url, local), url).toBeDefined();
  }
  expect(() => whyNotTarget("https://shop.example/", { ...local, RESIDENCY: "enforced" })).toThrow(
    /local use only/,
  );
});
