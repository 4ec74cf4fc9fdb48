/** How a report looks: light and dark by the reader's system, and on paper. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --card: #f6f7f9; --text: #1b1f24; --dim: #57606a; --line: #d7dce2; --grid: #e3e7ec; --phase: #0969da12; --phase2: #0969da24;
  --good: #1a7f5a; --tokens: #b35900; --requests: #8250df; --other: #57606a; --refused: #a0518f; --failed: #c22b30; --left: #8c959f;
  --low: #0969da; --middle: #8250df; --high: #b35900; --pass: #116644; --warn: #7d4e00; --fail: #b3151b; --fail-back: #fdecec; --warn-back: #fff4dd; --pass-back: #e6f5ed;
}
@media (prefers-color-scheme: dark) { :root {
  --page: #12161b; --card: #1b2128; --text: #e4e9ef; --dim: #9aa6b2; --line: #323b45; --grid: #2a323b; --phase: #58a6ff14; --phase2: #58a6ff2a;
  --good: #3fb68b; --tokens: #f0a04b; --requests: #b492f5; --other: #9aa6b2; --refused: #d68cc6; --failed: #f4676d; --left: #6e7a86;
  --low: #58a6ff; --middle: #b492f5; --high: #f0a04b; --pass: #56d29b; --warn: #f0b95c; --fail: #ff8086; --fail-back: #3a1d20; --warn-back: #34290f; --pass-back: #14301f;
} }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 78rem; padding: 1.5rem 1rem 4rem; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif }
h1 { font-size: 1.7rem; margin: 0 } h2 { font-size: 1.3rem; margin: 2.2rem 0 .6rem } h3 { font-size: 1.1rem; margin: 1.8rem 0 .6rem } h4 { margin: 1rem 0 .4rem }
p { margin: .4rem 0; max-width: 62rem } .dim, .unit, caption { color: var(--dim) }
.banner { border-left: 6px solid var(--line); background: var(--card); padding: .8rem 1.1rem; margin: 1rem 0; border-radius: 4px; font-size: 1.1rem; max-width: none }
.banner.fail { border-color: var(--fail); background: var(--fail-back) } .banner.warn { border-color: var(--warn); background: var(--warn-back) } .banner.pass { border-color: var(--pass); background: var(--pass-back) }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .7rem; margin: 1rem 0 }
.tiles div { background: var(--card); border-radius: 6px; padding: .6rem .8rem } .tiles b { display: block; font-size: 1.35rem; line-height: 1.25 } .tiles span { color: var(--dim); font-size: .85rem }
.marks { list-style: none; padding: 0; display: grid; gap: .6rem }
.marks li { background: var(--card); border-left: 5px solid var(--line); border-radius: 4px; padding: .6rem .9rem }
.marks li.fail { border-color: var(--fail) } .marks li.warn { border-color: var(--warn) }
.marks b.level { text-transform: uppercase; font-size: .8rem; margin-right: .5rem }
.fail b.level, td.fail { color: var(--fail) } .warn b.level, td.warn { color: var(--warn) } td.pass { color: var(--pass) }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 29rem), 1fr)); gap: 1rem }
figure { margin: 0; background: var(--card); border-radius: 6px; padding: .7rem } figcaption { display: flex; flex-wrap: wrap; gap: .1rem .6rem; align-items: baseline }
.legend { margin-left: auto; font-size: .85rem; color: var(--dim) } .legend i { display: inline-block; width: .75em; height: .75em; border-radius: 2px; margin: 0 .3em 0 .7em; background: var(--other) }
.legend i.limit { height: 0; width: 1.1em; border-top: 2px dashed var(--fail); border-radius: 0; background: none; vertical-align: middle }
svg { width: 100%; height: auto; display: block; font: 11px system-ui, sans-serif } svg text { fill: var(--dim) } svg line.grid { stroke: var(--grid) }
svg line.limit { stroke: var(--fail); stroke-width: 1.5; stroke-dasharray: 6 4 } svg path { fill: none; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round }
svg rect.phase0 { fill: var(--phase) } svg rect.phase1 { fill: var(--phase2) } svg text.phase { fill: var(--text) }
${(['good', 'tokens', 'requests', 'other', 'refused', 'failed', 'left', 'low', 'middle', 'high'] as const)
  .map(
    (tone) =>
      `.legend i.${tone} { background: var(--${tone}) } svg polygon.${tone} { fill: var(--${tone}) } svg path.${tone} { stroke: var(--${tone}) }`,
  )
  .join('\n')}
table { border-collapse: collapse; width: 100% } th, td { text-align: left; vertical-align: top; padding: .35rem .7rem; border-bottom: 1px solid var(--line) } td { overflow-wrap: anywhere }
th { font-weight: 600 } .wide { overflow-x: auto } .wide table { min-width: 36rem } th[scope=row] { min-width: 10rem } code { font: .87em ui-monospace, monospace; overflow-wrap: anywhere } details { margin: .5rem 0 } summary { cursor: pointer; color: var(--dim) }
@media print { body { max-width: none } figure, .marks li { break-inside: avoid } }
`
