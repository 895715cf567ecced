// report.mjs - the scoreboard as one static page: a table, and for each line its seconds as plots. Nothing from outside.

const COLOURS = { pvl: '#1d70b8', p2p: '#d4351c', janus: '#505a5f' }
const NAMES = { pvl: 'ours', p2p: 'browser to browser', janus: 'Janus' }
const FIGURES = [
  ['fps', 'pictures/s', 1], ['height', 'height', 0], ['frozen', 'frozen share', 3], ['freezes_min', 'freezes/min', 1], ['vif', 'VIF', 3],
  ['vif_all', 'VIF, unshown 0', 3], ['ssim', 'SSIM', 3], ['delay_p50', 'delay p50 ms', 0], ['delay_p95', 'p95 ms', 0], ['concealed', 'sound made up', 4],
  ['mouth_to_ear', 'mouth to ear ms', 0], ['first_ms', 'first picture ms', 0], ['queue_p95', 'queue p95 ms', 0], ['recovered_s', 'recovered s', 1], ['fairness', 'fairness', 3],
]
const WIDTH = 420
const HEIGHT = 110

const escaped = text => String(text).replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c])
const shown = (value, digits) => (value === null || value === undefined ? '–' : value.toFixed(digits))

/** Lines over seconds: {column: numbers}. */
function plot(title, most, lines) {
  const length = Math.max(2, ...Object.values(lines).map(l => l.length))
  const x = i => 34 + i * (WIDTH - 40) / (length - 1)
  const y = v => HEIGHT - 18 - Math.min(1, v / most) * (HEIGHT - 34)
  const drawn = Object.entries(lines).map(([column, list]) =>
    `<polyline fill="none" stroke="${COLOURS[column]}" stroke-width="1.5" points="${list.map((v, i) => `${x(i).toFixed(1)},${y(v).toFixed(1)}`).join(' ')}"/>`)
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" role="img" aria-label="${escaped(title)}"><title>${escaped(title)}</title>
<path d="M34 ${y(0)}H${WIDTH - 6}M34 ${y(most)}H${WIDTH - 6}" stroke="#b1b4b6"/><text x="30" y="${y(most) + 4}" text-anchor="end">${most}</text><text x="30" y="${y(0) + 4}" text-anchor="end">0</text>
<text x="34" y="11">${escaped(title)}</text><text x="${WIDTH - 6}" y="${HEIGHT - 4}" text-anchor="end">${length} s</text>${drawn.join('')}</svg>`
}

function section({ profile, says, got, goals }, rows) {
  const columns = Object.keys(got)
  const first = column => rows.find(r => r.profile === profile && r.column === column && r.series)
  const lines = (end, name) => Object.fromEntries(columns.map(c => [c, first(c)?.series[end][name] ?? []]))
  const head = columns.map(c => `<th scope="col" style="color:${COLOURS[c]}">${NAMES[c]}</th>`).join('')
  const body = FIGURES.filter(([key]) => columns.some(c => got[c].median[key] !== undefined)).map(([key, name, digits]) =>
    `<tr><th scope="row">${name}</th>${columns.map(c => {
      const spread = got[c].spread[key]
      const range = spread && got[c].runs > 1 ? ` <small>${shown(spread[0], digits)}–${shown(spread[1], digits)}</small>` : ''
      return `<td>${shown(got[c].median[key], digits)}${range}</td>`
    }).join('')}</tr>`).join('\n')
  const missed = goals.filter(g => !g.met)
  return `<section><h2>${escaped(profile)}: ${escaped(says)}</h2><div class="row"><table><thead><tr><td></td>${head}</tr></thead><tbody>${body}
<tr><th scope="row">runs; load</th>${columns.map(c => `<td>${got[c].runs}; ${got[c].load}</td>`).join('')}</tr></tbody></table>
<div>${plot('Pictures a second behind the line', 22, lines('far', 'fps'))}${plot('Pictures a second on this side', 22, lines('near', 'fps'))}${plot('Longest wait in the line, ms', 600, lines('far', 'queue_ms'))}</div></div>
<p>${goals.length - missed.length} of ${goals.length} goals met.${missed.length ? ` Not met: ${escaped(missed.map(g => `${g.goal} (${g.value === null ? 'nothing' : +g.value.toFixed(3)})`).join('; '))}.` : ''}</p></section>`
}

export function pageOf({ table, rows, machine, settles_s, measured_s }) {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Visits over thin lines</title>
<style>body{font:16px/1.4 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#0b0c0c}table{border-collapse:collapse;font-size:.85rem}
td,th{padding:.15rem .6rem;text-align:right;border-bottom:1px solid #b1b4b6}th[scope=row]{text-align:left;font-weight:400}svg{display:block;font-size:10px}small{color:#505a5f}.row{display:flex;flex-wrap:wrap;gap:2rem}</style>
<h1>Visits over thin lines</h1><p>Two Chromium, the same emulated line both ways; the worse of the two ends; after ${settles_s} s, over ${measured_s} s where the line does not change. ${escaped(machine.cpu)}, ${machine.cores} cores.</p>
${table.map(entry => section(entry, rows)).join('\n')}</html>\n`
}
