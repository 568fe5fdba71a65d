/** The style of the pages that work without scripts. The images are the only color. */
export const STYLE = `
:root { color-scheme: light dark; --back: #fafaf9; --text: #1c1b1a; --muted: #63605c; --line: #e7e5e2; --accent: #0f766e; --on-accent: #fff; --panel: #f1efec; }
@media (prefers-color-scheme: dark) { :root { --back: #101011; --text: #ededec; --muted: #a3a19d; --line: #2a2a2d; --accent: #5eead4; --on-accent: #06231f; --panel: #1a1a1c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 15px/1.45 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
a { color: inherit; text-decoration: none; }
a:hover { text-decoration: underline; }
a:focus-visible, button:focus-visible, input:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
header { display: flex; gap: 16px; justify-content: space-between; align-items: center; min-height: 56px; padding: 0 16px; border-bottom: 1px solid var(--line); }
nav { font-weight: 600; overflow-wrap: anywhere; }
nav a { display: inline-block; padding: 12px 0; }
main { padding: 16px; }
ul { list-style: none; margin: 0 0 24px; padding: 0; }
.folders { display: flex; flex-wrap: wrap; gap: 8px; }
.folders a { display: block; min-height: 44px; padding: 10px 16px; border: 1px solid var(--line); border-radius: 12px; overflow-wrap: anywhere; }
.images { display: grid; grid-template-columns: repeat(auto-fill, minmax(160px, 1fr)); gap: 16px 8px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.images img, .tile { display: flex; overflow: hidden; width: 100%; height: auto; aspect-ratio: 4 / 3; object-fit: cover; border-radius: 3px; background: var(--panel); align-items: center; justify-content: center; color: var(--muted); font-weight: 600; }
.images img { position: relative; }
/* In place of an image that does not load. */
.images img::after { content: attr(alt); position: absolute; inset: 0; display: flex; align-items: center; justify-content: center; background: var(--panel); }
.name { display: block; margin-top: 4px; font-size: 13px; overflow-wrap: anywhere; }
.size, .empty { color: var(--muted); font-size: 13px; }
.empty { padding: 15vh 0; text-align: center; font-size: 15px; }
.more a, button { display: inline-block; min-height: 44px; padding: 10px 20px; border: 1px solid var(--line); border-radius: 12px; background: var(--panel); color: inherit; font: inherit; cursor: pointer; }
.notice { max-width: 32em; margin: 15vh auto 0; padding: 0 24px; }
.notice h1 { font-size: 28px; font-weight: 600; margin: 0 0 12px; overflow-wrap: anywhere; }
.notice input[type='password'] { width: 100%; min-height: 44px; padding: 8px 12px; border: 1px solid var(--muted); border-radius: 8px; background: var(--back); color: inherit; font: inherit; }
.notice code { padding: 1px 4px; border-radius: 3px; background: var(--panel); overflow-wrap: anywhere; }
.notice label { color: var(--muted); }
.notice button { border-color: var(--accent); background: var(--accent); color: var(--on-accent); font-weight: 600; }
.problem { font-weight: 600; }
/* Where scripts run, the gallery takes the place of this page: it is shown only if that does not come. */
@media (scripting: enabled) { body[data-style] { animation: late 1ms 3s both; } }
@keyframes late { from { visibility: hidden; } to { visibility: visible; } }
`.trimStart();
