/**
 * The first three digits of ZIP codes by state. What does not lie in its prefix's state stands whole.
 *
 * Source: https://pe.usps.com (labeling list L002, three-digit prefixes), compared with all 42,555 codes
 * of npm's `zipcodes` 8.0.0 on 2026-11-30.
 */
const prefixes: Readonly<Record<string, string>> = {
  ...{ AA: "340", AE: "090-098", AK: "995-999", AL: "350-352 354-369", AP: "962-966" },
  ...{ AR: "716-729", AS: "96799", AZ: "850-853 855-857 859-860 863-865" },
  ...{ CA: "900-908 910-928 930-961", CO: "800-816", CT: "060-069", DC: "200 202-205 569" },
  ...{ DE: "197-199", FL: "320-339 341-342 344 346-347 349", GA: "300-319 398-399" },
  ...{ GU: "969", HI: "967-968", IA: "500-516 520-528", ID: "832-838", IL: "600-620 622-629" },
  ...{ IN: "460-479", KS: "660-662 664-679", KY: "400-418 420-427", LA: "700-701 703-708 710-714" },
  ...{ MA: "010-027 055", MD: "206-212 214-219 20588", ME: "039-049", MI: "480-499" },
  ...{ MN: "550-551 553-567", MO: "630-631 633-641 644-658", MP: "96950 96951 96952" },
  ...{ MS: "386-397", MT: "590-599", NC: "270-289", ND: "580-588", NE: "680-681 683-693" },
  ...{ NH: "030-038", NJ: "070-089", NM: "870-871 873-884", NV: "889-891 893-895 897-898" },
  ...{ NY: "005 100-149 06390", OH: "430-459", OK: "730-731 734-741 743-749", OR: "970-979" },
  ...{ PA: "150-196", PR: "006-007 009", RI: "028-029", SC: "290-299", SD: "570-577" },
  ...{ TN: "370-385", TX: "733 750-770 772-799 885 73960", UT: "840-847", VI: "008" },
  ...{ VA: "201 220-246 20598", VT: "050-054 056-059", WA: "980-986 988-994" },
  ...{ WI: "530-532 534-535 537-549", WV: "247-268", WY: "820-831 83414" },
};

const byZip = new Map(Object.entries(prefixes).flatMap(([state, list]) => starts(state, list)));

function starts(state: string, list: string) {
  return list.split(" ").flatMap((range) => {
    const [from = "", to = from] = range.split("-");
    const length = Number(to) - Number(from) + 1;
    return Array.from({ length }, (_each, at) => {
      return [String(Number(from) + at).padStart(from.length, "0"), state] as const;
    });
  });
}

/** The state in which a ZIP code lies, with or without its four more digits; undefined for no such code. */
export function stateOfZip(zip: string): string | undefined {
  const five = /^(\d{5})(?:[\s-]*\d{4})?$/.exec(zip.normalize("NFKC").trim())?.[1] ?? "";
  return byZip.get(five) ?? byZip.get(five.slice(0, 3));
}
