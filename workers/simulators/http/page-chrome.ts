/** What all pages of the simulators share. */

import { html, raw } from "hono/html";

export type Page = ReturnType<typeof html>;

const style = `
  :root { color-scheme: light dark; --ink: #1d2433; --soft: #5d6880; --line: #d9dee8; --ground: #f5f7fb; --card: #fff; --act: #3b5bdb; }
  @media (prefers-color-scheme: dark) { :root { --ink: #e8ecf4; --soft: #98a3b9; --line: #303a4d; --ground: #131926; --card: #1b2332; --act: #7c96f5; } }
  * { box-sizing: border-box } body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground) }
  main { max-width: 64rem; margin: 0 auto; padding: 2rem 1rem } main.bank { max-width: 26rem; padding-top: 12vh }
  section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1.25rem 1.5rem; margin-bottom: 1.25rem; overflow-x: auto }
  h1 { font-size: 1.35rem; margin: 0 0 .5rem } h2 { font-size: 1rem; margin: 0 0 .75rem } p { margin: .25rem 0 1rem; color: var(--soft) }
  .sum { font-size: 2rem; font-weight: 650; color: var(--ink); margin: .5rem 0 1.25rem }
  button { font: inherit; font-weight: 600; width: 100%; padding: .75rem; border-radius: 8px; border: 1px solid var(--line); background: transparent; color: inherit; cursor: pointer; margin-top: .6rem }
  button.yes { background: var(--act); border-color: var(--act); color: #fff } @media (prefers-color-scheme: dark) { button.yes { color: #10162a } }
  button:focus-visible, a:focus-visible { outline: 3px solid var(--act); outline-offset: 2px } .row { display: flex; gap: .6rem; flex-wrap: wrap } .row button { width: auto; padding: .4rem .8rem; margin: 0 }
  table { border-collapse: collapse; width: 100%; font-size: .875rem } th { text-align: left; color: var(--soft); font-weight: 500 } td, th { padding: .35rem .75rem .35rem 0; border-top: 1px solid var(--line); white-space: nowrap } thead th { border-top: 0 }
  code, pre { font: .8125rem/1.5 ui-monospace, monospace } pre { margin: 0; white-space: pre-wrap } a { color: var(--act) }
  .qr { background: #fff; border-radius: 8px; padding: .5rem; margin-bottom: 1rem } .qr svg { display: block; width: 100%; height: auto } code.long { overflow-wrap: anywhere }`;

export function page(title: string, body: Page): Page {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${raw(style)}</style></head><body>${body}</body></html>`;
}

const noDecimals = new Set(["clp", "jpy", "krw", "vnd"]);
const threeDecimals = new Set(["bhd", "iqd", "jod", "kwd", "lyd", "omr", "tnd"]);

/** Currencies in either case. */
export function money(amount: number, currency: string): string {
  const digits = noDecimals.has(currency.toLowerCase())
    ? 0
    : threeDecimals.has(currency.toLowerCase())
      ? 3
      : 2;
  return `${(amount / 10 ** digits).toFixed(digits)} ${currency.toUpperCase()}`;
}
