// figures.mjs - what a stretch of a visit was worth, from what meter.js noted. Pure.

const FILM_FPS = 20
const FILM_FRAMES = 200
const FILM_MS = 1000 * FILM_FRAMES / FILM_FPS

export const share = (list, p) => (list.length ? list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(p * list.length))] : null)
const mean = list => (list.length ? list.reduce((a, b) => a + b, 0) / list.length : null)
const within = (from, to) => ({ at }) => at >= from && at < to

/** Freezes as WebRTC's statistics have them: a gap of 3 times the usual, or of the usual and 150 ms. */
export function freezes(times, from, to) {
  if (times.length === 0) return { count: 1, ms: to - from, longest: to - from }
  const all = [from, ...times, to]
  const gaps = all.slice(1).map((t, i) => t - all[i])
  const usual = mean(gaps.filter(gap => gap < 1000)) ?? 1000
  const frozen = gaps.filter(gap => gap >= Math.max(3 * usual, usual + 150))
  return { count: frozen.length, ms: frozen.reduce((a, b) => a + b, 0), longest: Math.max(...gaps) }
}

/** From the camera to the screen: for each picture shown, when the other end had it last before. */
export function delays(sent, seen) {
  const shown = new Map()
  for (const { frame, at } of sent) if (frame !== null) shown.set(frame, [...shown.get(frame) ?? [], at])
  return seen.flatMap(({ frame, at }) => {
    const before = (shown.get(frame) ?? []).filter(t => t <= at && at - t < FILM_MS)
    return before.length ? [at - before.at(-1)] : []
  })
}

/** From mouth to ear: markers, each with the last one said before it. */
export function heard(mouth, ear) {
  return ear.flatMap(at => {
    const said = mouth.filter(t => t <= at && at - t < 2500)
    return said.length ? [at - said.at(-1)] : []
  })
}

/** Pictures that are new: the same frame shown twice counts once. */
const fresh = seen => seen.filter(({ frame }, i) => frame !== null && frame !== seen[i - 1]?.frame)

function delta(stats, from, to, name) {
  const known = stats.filter(s => s[name] !== undefined)
  const start = known.findLast(s => s.at <= from) ?? known[0]
  const end = known.findLast(s => s.at <= to)
  return start && end ? end[name] - start[name] : 0
}

/** What this end got between two times; `other` is the meter of the end that sent it, `judged` by bench/picture. */
export function figuresOf(own, other, judged, from, to, joined) {
  const seen = fresh(own.seen.filter(within(from, to)))
  const frozen = freezes(seen.map(s => s.at), from, to)
  const seconds = (to - from) / 1000
  const samples = delta(own.stats, from, to, 'samples')
  const delay = delays(other.sent, seen)
  const ear = heard(other.mouth, own.ear.filter(at => at >= from && at < to))
  const pictures = judged.filter(within(from, to))
  const shownShare = Math.min(1, seen.length / (seconds * FILM_FPS))
  const quality = name => mean(pictures.map(p => p[name])) ?? 0
  return {
    fps: seen.length / seconds,
    height: share(seen.map(s => s.height), 0.5) ?? 0,
    freezes_min: 60 * frozen.count / seconds,
    frozen: frozen.ms / (to - from),
    frozen_s: frozen.ms / 1000,
    longest_gap_ms: frozen.longest,
    ssim: quality('ssim'), vif: quality('vif'),
    ssim_all: quality('ssim') * shownShare, vif_all: quality('vif') * shownShare,
    delay_p50: share(delay, 0.5), delay_p95: share(delay, 0.95),
    concealed: samples > 0 ? Math.max(0, delta(own.stats, from, to, 'concealed')) / samples : 1,
    mouth_to_ear: share(ear, 0.5),
    video_kbps: 8 * delta(own.stats, from, to, 'videoBytes') / (to - from),
    first_ms: own.seen.length ? Math.max(0, own.seen[0].at - joined) : null,
    rtt_ms: own.stats.findLast(s => s.rtt)?.rtt ?? null,
  }
}

/** Seconds from the line's return until pictures come again as before it broke (80 % of them, for 2 s); null: not within. */
export function recovered(seen, usualFps, back, until) {
  for (let at = back; at + 2000 <= until; at += 100) {
    const count = fresh(seen.filter(within(at, at + 2000))).length / 2
    if (count >= 0.8 * usualFps) return (at - back) / 1000
  }
  return null
}

/** Seconds from the line's return until a second of sound is nearly whole. */
export function soundBack(stats, back, until) {
  const some = stats.filter(s => s.samples !== undefined && s.at >= back && s.at <= until)
  for (let i = 1; i < some.length; i++) {
    const samples = some[i].samples - some[i - 1].samples
    if (samples > 0 && (some[i].concealed - some[i - 1].concealed) / samples < 0.05) return Math.max(0, (some[i - 1].at - back) / 1000)
  }
  return null
}

/** Jain's index: 1 when all get the same. */
export function fairness(list) {
  const sum = list.reduce((a, b) => a + b, 0)
  const squares = list.reduce((a, b) => a + b * b, 0)
  return squares > 0 ? sum * sum / (list.length * squares) : null
}

/** What the line itself saw, both directions, in these seconds of the emulator. */
export function lineFigures(seconds) {
  const queue = seconds.flatMap(s => [s.there.queue_ms, s.back.queue_ms])
  const sum = name => seconds.reduce((n, s) => n + s.there[name] + s.back[name], 0)
  return { queue_p95: share(queue, 0.95), dropped: sum('in') > 0 ? sum('dropped') / sum('in') : 0, kbps: seconds.length ? 8 * sum('bytes') / 1000 / seconds.length / 2 : 0 }
}

const MORE_IS_BETTER = new Set(['fps', 'height', 'ssim', 'vif', 'ssim_all', 'vif_all', 'fairness', 'video_kbps'])

/** Of two ends, what the one had that had it worse. */
export function worse(a, b) {
  return Object.fromEntries(Object.keys(a).map(name => {
    const pair = [a[name], b[name]]
    if (pair.includes(null)) return [name, null]
    return [name, MORE_IS_BETTER.has(name) ? Math.min(...pair) : Math.max(...pair)]
  }))
}

const TOLERANCE = { fps: -1, frozen: 0.02, concealed: 0.005, vif: -0.03 } // equal, for what differs from run to run

/** Goals of one profile: [{goal, value, bound, met}]; rows: {column: figures}. */
export function goalsOf(target, rows) {
  const own = rows.pvl
  if (!own) return []
  const least = name => MORE_IS_BETTER.has(name)
  const goal = (text, name, bound) => ({ goal: text, value: own[name], bound, met: own[name] !== null && (least(name) ? own[name] >= bound : own[name] <= bound) })
  const out = Object.entries(target).filter(([name]) => name !== 'asStock')
    .map(([name, bound]) => goal(`${name} ${least(name) ? 'at least' : 'at most'} ${bound}`, name, bound))
  for (const other of ['p2p', 'janus'])
    for (const [name, spare] of Object.entries(TOLERANCE))
      if (rows[other]?.[name] !== undefined && rows[other][name] !== null)
        out.push(goal(`${name} no worse than ${other}`, name, rows[other][name] + spare))
  return out
}
