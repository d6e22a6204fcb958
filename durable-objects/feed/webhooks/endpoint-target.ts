import { BlockList, isIP } from "node:net";
import { assert, type Refusal } from "../../../schema/outcome.ts";
import { refuse } from "../../../schema/refusals.ts";

export type TargetEnv = { readonly RESIDENCY: string; readonly WEBHOOK_TARGETS_LOCAL: string };

/** Everything that is not the public internet. Source: IANA's registries of special addresses. */
const notPublic = new BlockList();
for (const range of [
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"],
  ...["172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"],
  ...["198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"],
]) {
  const [net = "", bits] = range.split("/");
  notPublic.addSubnet(net, Number(bits), "ipv4");
}

/** What of 2000::/3 leads elsewhere: Teredo and its kin, documentation, 6to4, and again documentation. */
const notPublic6 = new BlockList();
for (const range of ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]) {
  const [net = "", bits] = range.split("/");
  notPublic6.addSubnet(net, Number(bits), "ipv6");
}
const global6 = new BlockList();
global6.addSubnet("2000::", 3, "ipv6"); // all that is given out to the public so far

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");

/** Names that no public resolver answers for, or that a cloud answers with its secrets. */
const INNER_NAME =
  /(^|\.)(localhost|local|internal|intranet|lan|home|corp|private|test|invalid|home\.arpa|onion)$/;

/**
 * Whether events may be sent there: https, and no address of this machine, of a private network, of
 * a link, or of a cloud's metadata, however it is spelled (`URL` knows the decimal, octal, hex and
 * mapped ones). What a public name resolves to cannot be seen from a Worker; a deployed Worker's
 * fetch reaches no private network, though.
 *
 * Throws: when local targets are allowed in a deployment.
 */
export function whyNotTarget(
  url: string,
  { RESIDENCY, WEBHOOK_TARGETS_LOCAL }: TargetEnv,
): Refusal<"webhook_target_refused"> | undefined {
  const isLocalAllowed = WEBHOOK_TARGETS_LOCAL === "allowed";
  assert(
    !isLocalAllowed || RESIDENCY !== "enforced",
    "WEBHOOK_TARGETS_LOCAL is for local use only",
  );
  if (!URL.canParse(url)) return no("it is no URL");
  const { protocol, hostname, username, password } = new URL(url);
  if (username !== "" || password !== "") return no("it carries a user or a password");
  const host = hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (isLocalAllowed && isLoopback(host) && /^https?:$/.test(protocol)) return undefined;
  if (protocol !== "https:") return no("it is not https");
  return isPublic(host) ? undefined : no("its host is not on the public internet");
}

function isLoopback(host: string): boolean {
  if (host === "localhost" || host === "::1") return true;
  return isIP(host) === 4 && loopback.check(host, "ipv4");
}

function isPublic(host: string): boolean {
  const version = isIP(host);
  if (version === 4) return !notPublic.check(host, "ipv4");
  if (version === 6) return global6.check(host, "ipv6") && !notPublic6.check(host, "ipv6");
  return host.includes(".") && !INNER_NAME.test(host.toLowerCase());
}

function no(because: string) {
  return refuse("webhook_target_refused", { because });
}
