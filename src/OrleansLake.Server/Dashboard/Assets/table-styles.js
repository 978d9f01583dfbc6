// How reports look, on the page and inside the component. The page that embeds the component sets the custom properties.
// The heat is one hue from light to dark (in the dark: from dark to light), so it reads the same with every kind of colour
// vision, and it stops where the figures would no longer stand out from it (contrast 4.5 at least).

export const tableStyles = `
.report-scroll { overflow-x: auto; scrollbar-width: thin; }
.report-scroll:focus-visible { outline: 2px solid var(--lake-accent); outline-offset: 2px; }
table { width: 100%; border-collapse: separate; border-spacing: 2px; font: inherit; color: var(--lake-ink); font-variant-numeric: tabular-nums; }
caption { text-align: start; color: var(--lake-muted); font-size: .8125em; padding: 0 0 .5em .125em; }
th { font-weight: 500; }
thead th { color: var(--lake-muted); font-size: .6875em; letter-spacing: .045em; text-align: end; padding: .35em .6em; vertical-align: bottom; white-space: nowrap; }
tbody th, tfoot th { text-align: start; padding: .5em .6em .5em .125em; white-space: nowrap; }
thead th:first-child { text-align: start; padding-inline-start: .18em; }
td { text-align: end; padding: .5em .6em; white-space: nowrap; border-radius: var(--lake-radius); }
td.heat { background: color-mix(in oklab, var(--lake-heat) calc(var(--heat, 0) * 100%), var(--lake-heat-none)); }
td.absent { color: var(--lake-muted); }
td.sum, tfoot td { font-weight: 600; }
tfoot th { color: var(--lake-muted); }
tfoot td, tfoot th { border-top: 1px solid var(--lake-line); border-radius: 0; }
td.bar { background: linear-gradient(to left, color-mix(in oklab, var(--lake-heat) 26%, transparent) calc(var(--heat, 0) * 100%), transparent 0); font-weight: 600; }
.users-table tbody tr:not(:last-child) > * { border-bottom: 1px solid var(--lake-line); }
.users-table { border-spacing: 0; }
.users-table td.bar { border-radius: 0; }
td.faded { color: var(--lake-muted); }
th.faded { text-decoration: line-through; }
.empty { color: var(--lake-muted); padding: 2em 0; text-align: center; }
.legend { display: flex; align-items: center; gap: .5em; justify-content: flex-end; color: var(--lake-muted); font-size: .6875em; padding: .6em .2em 0; }
.legend i { width: 7em; height: .6em; border-radius: 1em; background: linear-gradient(to right in oklab, var(--lake-heat-none), var(--lake-heat)); }
@container (max-width: 30em) {
  table { border-spacing: 1px; font-size: .8125em; }
  thead th { letter-spacing: -.01em; padding-inline: .2em; font-size: .72em; }
  td { padding-inline: .25em; }
  tbody th, tfoot th { padding-inline-end: .25em; white-space: normal; overflow-wrap: break-word; max-width: 10em; }
  .tight table { font-size: .72em; letter-spacing: -.02em; }
}
`

export const tableTokens = `
--lake-ink: light-dark(#14171c, #e9ebef);
--lake-muted: light-dark(#5d6471, #9aa2b0);
--lake-line: light-dark(#e3e5ea, #2c313a);
--lake-accent: light-dark(#1f5fae, #7db4f5);
--lake-heat: light-dark(oklch(0.64 0.13 255), oklch(0.52 0.15 258));
--lake-heat-none: light-dark(#f1f3f7, #1d2128);
--lake-radius: 3px;
`

/** A style sheet for a document or a shadow root. A made sheet needs no 'unsafe-inline' in anybody's policy. */
export function sheetOf(text) {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(text)
  return sheet
}
