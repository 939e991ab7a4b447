/** The style of the page that a hunt writes: light or dark as the reader's system is, and fit to be printed. */
export const reportStyle = `
:root {
  color-scheme: light dark;
  --text: light-dark(#1f2328, #d7dae0); --quiet: light-dark(#59636e, #9198a1); --page: light-dark(#ffffff, #16181d);
  --card: light-dark(#ffffff, #1d2026); --line: light-dark(#d1d9e0, #343941); --grid: light-dark(#e6eaef, #2a2f37);
  --curve: light-dark(#0969da, #58a6ff); --leak: light-dark(#cf222e, #ff7b72); --watch: light-dark(#9a6700, #e3b341);
  --good: light-dark(#1a7f37, #56d364); --code: light-dark(#f3f5f8, #262b33);
  font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', sans-serif;
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2.5rem 1.5rem 4rem; max-width: 60rem; color: var(--text); background: var(--page); }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.25; } h2 { margin: 2.5rem 0 .75rem; font-size: 1.2rem; }
h3 { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem; margin: 0 0 .25rem; font-size: 1.05rem; }
p { margin: .4rem 0; } .quiet { color: var(--quiet); } a { color: var(--curve); text-decoration: none; } a:hover { text-decoration: underline; }
code, .path { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .9em; overflow-wrap: anywhere; }
.banner { margin: 1.5rem 0; padding: .8rem 1.1rem; border-left: 4px solid var(--good); border-radius: 4px; background: var(--code); font-size: 1.1rem; font-weight: 600; }
.banner.leak { border-color: var(--leak); } .banner.watch { border-color: var(--watch); }
.badge { padding: .05rem .55rem; border: 1px solid currentColor; border-radius: 1rem; font-size: .8rem; font-weight: 600; }
.badge.leak { color: var(--leak); } .badge.watch, .badge.suspect { color: var(--watch); } .badge.kind { color: var(--quiet); }
article, .figure { margin: 1rem 0; padding: 1.1rem 1.3rem; border: 1px solid var(--line); border-radius: 8px; background: var(--card); break-inside: avoid; }
.figure { padding-bottom: .6rem; } figure { margin: .8rem 0 .4rem; } figcaption { color: var(--quiet); font-size: .9rem; }
svg { display: block; width: 100%; height: auto; max-width: 44rem; }
.grid line { stroke: var(--grid); } polyline { fill: none; stroke: var(--curve); stroke-width: 2; stroke-linejoin: round; }
polygon { fill: var(--curve); opacity: .1; } circle { fill: var(--curve); stroke: var(--card); stroke-width: 1.5; }
svg text { font: 11px system-ui, sans-serif; fill: var(--quiet); } svg text.value { fill: var(--text); font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.1rem; margin: .6rem 0; } dt { color: var(--quiet); } dd { margin: 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; } th { color: var(--quiet); font-weight: 500; }
th, td { padding: .3rem .6rem; text-align: right; border-bottom: 1px solid var(--grid); } th:first-child, td:first-child { text-align: left; }
details { margin: .5rem 0; } summary { cursor: pointer; color: var(--quiet); }
.path { margin: .4rem 0; padding: 0; list-style: none; display: flex; flex-wrap: wrap; gap: .25rem; }
.path li { padding: .05rem .45rem; border-radius: 4px; background: var(--code); } .path li + li::before { content: '→ '; color: var(--quiet); }
.path li:last-child { font-weight: 600; } ul { margin: .4rem 0; padding-left: 1.2rem; }
@media (prefers-contrast: more) { :root { --quiet: var(--text); --line: currentColor; --grid: currentColor; } }
@media print { body { padding: 0; max-width: none; } details::details-content { content-visibility: visible; } }
`;
