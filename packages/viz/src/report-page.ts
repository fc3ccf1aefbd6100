/** Look and behaviour of the report: plain text that goes into the page as it is. */
import { darkColors } from './dark-chart.ts';

const darkCharts = Object.entries(darkColors)
  .flatMap(([from, to]) => [`.chart [fill="${from}"]{fill:${to}}`, `.chart [stroke="${from}"]{stroke:${to}}`])
  .join('\n');

export const pageStyle = `
:root{color-scheme:light dark;--ground:#f6f7f9;--surface:#fff;--text:#1f2933;--muted:#5b6770;--line:#dfe3e8;--best:#fff3e8;--link:#0072b2}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:920px;margin:0 auto;padding:32px 20px 64px}
h1{font-size:26px;line-height:1.25;margin:0 0 6px;overflow-wrap:anywhere}
h2{font-size:18px;margin:36px 0 8px;overflow-wrap:anywhere}
p{margin:6px 0 12px;overflow-wrap:anywhere}
.summary,figcaption,caption{color:var(--muted)}
figure{margin:14px 0;background:var(--surface);border:1px solid var(--line);border-radius:8px;padding:8px}
.chart{overflow-x:auto}
.chart svg{display:block;max-width:100%;height:auto;margin:0 auto}
.narrow{display:none}
@media (max-width:640px){
main{padding:20px 12px 48px}
figure{padding:4px}
.chart svg{max-width:none}
.wide{display:none}
.narrow{display:block}
}
figcaption{padding:4px 10px 6px;font-size:13px}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:12px;margin:16px 0}
dl div{background:var(--surface);border:1px solid var(--line);border-radius:8px;padding:10px 14px}
dt{color:var(--muted);font-size:12.5px;overflow-wrap:anywhere}
dd{margin:0;font-size:19px;font-weight:600;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.table{overflow:auto;max-height:560px;border:1px solid var(--line);border-radius:8px;background:var(--surface)}
table{border-collapse:collapse;width:100%;font-size:13px;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:8px 12px;font-size:13px}
th,td{padding:5px 12px;text-align:left;border-top:1px solid var(--line);white-space:nowrap;max-width:320px;overflow:hidden;text-overflow:ellipsis}
th{position:sticky;top:0;background:var(--surface)}
th button{all:unset;cursor:pointer;font-weight:600}
th button:focus-visible{outline:2px solid var(--link);outline-offset:3px}
th[aria-sort=ascending] button::after{content:" ▲";font-size:10px}
th[aria-sort=descending] button::after{content:" ▼";font-size:10px}
td.number{text-align:right}
tr.best td{background:var(--best);font-weight:600}
#tip{position:fixed;pointer-events:none;max-width:340px;padding:4px 9px;border-radius:5px;background:#1f2933;color:#fff;font-size:12.5px;z-index:9;overflow-wrap:anywhere}
.chart path{pointer-events:none}
.chart path[aria-label]{pointer-events:all}
.chart .mark-line path[aria-label],.chart .mark-rule path[aria-label]{pointer-events:stroke}
.chart path[aria-label]:hover{opacity:1;filter:brightness(.8)}
@media (prefers-color-scheme:dark){
:root{--ground:#0d1117;--surface:#161b22;--text:#e6edf3;--muted:#9aa7b4;--line:#30363d;--best:#3a2a17;--link:#58a9e0}
${darkCharts}
#tip{background:#e6edf3;color:#161b22}
}
@media print{body{background:#fff}.table{max-height:none;overflow:visible}figure,tr{break-inside:avoid}}
`;

/** Hover texts (the marks' own labels) and sortable tables. Reads only what is on the page and writes only text. */
export const pageScript = `
(() => {
  const tip = document.getElementById('tip');
  document.addEventListener('pointermove', (event) => {
    const mark = event.target.closest && event.target.closest('.chart path[aria-label]');
    tip.hidden = !mark;
    if (!mark) return;
    tip.textContent = mark.getAttribute('aria-label');
    tip.style.left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8) + 'px';
    tip.style.top = Math.min(event.clientY + 14, innerHeight - tip.offsetHeight - 8) + 'px';
  });
  document.addEventListener('click', (event) => {
    const button = event.target.closest && event.target.closest('th button');
    if (!button) return;
    const head = button.parentElement;
    const body = head.closest('table').tBodies[0];
    const index = [...head.parentElement.children].indexOf(head);
    const down = head.getAttribute('aria-sort') === 'ascending';
    for (const other of head.parentElement.children) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    const key = (row) => row.cells[index].dataset.value ?? row.cells[index].textContent;
    const compare = (a, b) => {
      const [x, y] = [key(a), key(b)];
      if (x === '' || y === '') return (x === '') - (y === '');
      const numbers = !isNaN(x) && !isNaN(y);
      return (down ? -1 : 1) * (numbers ? x - y : x < y ? -1 : x > y ? 1 : 0);
    };
    body.append(...[...body.rows].sort(compare));
  });
})();
`;
