// offered.mjs - what somebody gives up is offered on once, and whoever stands by is called once, while services die.
//
//   tools/with-postgres node tests/system/offered.mjs PVL
//
// Two services on one PostgreSQL, in a lab whose clock is put forward.  One prison has two places on one day: two families have
// them, others wait.  Each time the service that was asked is killed as soon as it has answered, or while both are at it.
import { execFileSync } from 'node:child_process'
import { familyOf, familySql, ruleSql } from './families.js'
import { Browser, FIRST, SECOND, end, killAll, ok, sleep, start } from './services.mjs'

const MINUTE = 60
const HOUR = 3600
const DAY = 86400
const FAMILIES = 6
const seconds = () => Math.floor(Date.now() / 1000)
const AT = (Math.floor(seconds() / DAY) + 3) * DAY + 10 * HOUR // ten in London, or eleven

/** Rows of a query, each a list of texts. */
function rows(sql) {
  const said = execFileSync('psql', ['-qAtX', '-F', '\t', '-v', 'ON_ERROR_STOP=1', process.env.STORE], { input: sql, encoding: 'utf8' })
  return said.split('\n').filter(Boolean).map(line => line.split('\t'))
}
const number = sql => Number(rows(sql)[0][0])

async function until(good, ms) {
  for (const over = Date.now() + ms; Date.now() < over; await sleep(100)) if (good()) return true
  return false
}

/** Families with a client at Wandsworth, signed in for the days to come; the prison has two places on one day, and no others. */
function plant() {
  const day = Math.floor(AT / DAY)
  const date = new Date(AT * 1000)
  const minute = Number(new Intl.DateTimeFormat('en-GB', { hour: '2-digit', hourCycle: 'h23', timeZone: 'Europe/London' }).format(date)) * 60
  const sql = [`UPDATE session_template SET start_minute = ${minute}, end_minute = ${minute + 30}, slot_minutes = 30, weekdays = 127,
    every_weeks = 1, valid_from = ${day}, valid_to = ${day} WHERE prison = 'WWI';`,
  ruleSql('standby_booths', 2), ruleSql('offer_from_minute', 0), ruleSql('offer_until_minute', 1440), ruleSql('notice_hours', 0)]
  const families = Array.from({ length: FAMILIES }, (_, i) => {
    const family = familyOf(i)
    sql.push(familySql(family, 9 * DAY, hex => `'\\x${hex}'`))
    const browser = Object.assign(new Browser(), family)
    browser.jar.set('pvl', family.token)
    return browser
  })
  rows(`BEGIN; ${sql.join('\n')} COMMIT;`)
  return families
}

/** As the night's count would have it after a month in which of ten visits two were not held. */
function countAbsences() {
  const at = new Date(AT * 1000)
  for (const [measure, value] of [['PLANNED', 50], ['VISITOR_ABSENT', 10]])
    rows(`INSERT INTO visit_count (prison, kind, month, measure, value)
      VALUES ('WWI', 'SOCIAL', ${at.getUTCFullYear() * 12 + at.getUTCMonth()}, '${measure}', ${value})
      ON CONFLICT (prison, kind, month, measure) DO UPDATE SET value = excluded.value`)
}

const post = (family, port, path, form = {}) => family.ask(port, path, { csrf: family.csrf, ...form })
const referenceIn = answer => /\/visits\/(\w+)\/booked/.exec(answer.headers?.get('location') ?? '')?.[1]

async function book(family, port) {
  return referenceIn(await post(family, port, `${family.book}/${AT}-30`))
}

async function wait(family, port) {
  const form = { minutes: '30', hours: 'any', ways: 'short' }
  return (await post(family, port, `/waiting/new/${family.id}/${family.id}`, form)).status
}

/** What the waiting list of a family leads to: its offer, or the page where it stands by. */
async function linkOf(family, port, kind) {
  return new RegExp(`href="(/${kind}/[^"]+)"`).exec(await (await family.ask(port, '/waiting')).text())?.[1]
}

/** Answered by a link, as from a message; a service that dies meanwhile has said nothing. */
const accept = (family, port, link) => post(family, port, link, { answer: 'accept' }).then(answer => answer.status, () => 0)

async function putForward(ports, toSecond) {
  const body = JSON.stringify({ ahead_s: Math.max(0, Math.round(toSecond - seconds())) })
  for (const port of ports) {
    const answer = await fetch(`http://127.0.0.1:${port}/lab/clock`, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
    if (answer.status !== 200) throw new Error(`the clock: ${answer.status} ${await answer.text()}`)
  }
}

/** What must be true at any moment: no place is had twice, and every visit is paid for once. */
function wrong() {
  const visits = `SELECT v.id, v.minutes, v.state, v.booker, (SELECT COUNT(*) FROM slot_use WHERE visit = v.id) AS places,
    (SELECT COUNT(*) FROM ledger_entry WHERE visit = v.id AND type = 'BOOKED' AND amount = -v.minutes) AS paid
    FROM visit v WHERE v.booker BETWEEN ${families[0].id} AND ${families.at(-1).id}`
  return rows(`SELECT 'a place twice', terminal FROM visit WHERE state IN ('BOOKED', 'LOBBY', 'LIVE') AND start_at = ${AT}
      GROUP BY terminal HAVING COUNT(*) > 1
    UNION ALL SELECT 'paid', id FROM (${visits}) AS p WHERE paid <> 1
    UNION ALL SELECT 'without its places', id FROM (${visits}) AS p WHERE state = 'BOOKED' AND places <> 3 * minutes / 5
    UNION ALL SELECT 'two visits', booker FROM (${visits}) AS p WHERE state = 'BOOKED' GROUP BY booker HAVING COUNT(*) > 1`)
}

const intact = what => {
  const found = wrong()
  ok(found.length === 0, `${what}: no place is had twice, and every visit is paid for once`, JSON.stringify(found))
}
const offers = state => number(`SELECT COUNT(*) FROM waiting_offer WHERE start_at = ${AT} AND state = '${state}'`)
const booked = () => number(`SELECT COUNT(*) FROM visit WHERE start_at = ${AT} AND state = 'BOOKED'`)
const told = (family, kind) => number(`SELECT COUNT(*) FROM message WHERE account = ${family.id} AND kind = '${kind}'`)

let first = await start('demo', FIRST, ['--lab', '--tls-port', `${FIRST + 1}`])
let second = await start('serve', SECOND, ['--lab'])
const families = plant()
const has = [await book(families[0], FIRST), await book(families[1], SECOND)]
ok(has[0] && has[1], 'two families have the two places of the day', JSON.stringify(has))
ok(!await book(families[2], FIRST), 'a third finds none')
ok(await wait(families[2], FIRST) === 303 && await wait(families[3], SECOND) === 303, 'two of them wait')

// Given up days ahead, at a service that dies as soon as it has said yes: the other one offers it on.
let began = Date.now()
const cancelled = await post(families[0], FIRST, `/visits/${has[0]}/cancel`)
killAll(first.child)
ok(cancelled.status === 303, 'one is given up, and the service where it was is killed', `${cancelled.status}`)
ok(await until(() => offers('OPEN') === 1, 60_000), 'the other offers it on within a minute', `${offers('OPEN')}`)
console.log(`# after ${((Date.now() - began) / 1000).toFixed(1)} s`)
first = await start('serve', FIRST, ['--lab'])
await sleep(3000)
ok(offers('OPEN') === 1, 'to one of them alone, also when both run again')
const asked = families.find(f => number(`SELECT COUNT(*) FROM waiting_offer WHERE booker = ${f.id}`) === 1)
const link = await linkOf(asked, SECOND, 'offers')
const both = await Promise.all([accept(asked, FIRST, link), accept(asked, SECOND, link)])
ok(both.includes(303) && booked() === 2 && offers('ACCEPTED') === 1, 'accepted at both at once it is one visit', JSON.stringify(both))
ok(told(asked, 'OFFER') === 1, 'and they were asked once')
intact('after the first')

// Given up hours ahead: whoever waits is asked at the same time, and accepts at the same moment, one at each service.
const other = asked === families[2] ? families[3] : families[2]
ok(await wait(families[4], FIRST) === 303, 'another waits')
await putForward([FIRST, SECOND], AT - 3 * HOUR)
const late = await post(families[1], SECOND, `/visits/${has[1]}/cancel`)
killAll(second.child)
ok(late.status === 303, 'another visit is given up hours ahead, where the other service is killed', `${late.status}`)
ok(await until(() => offers('OPEN') === 2, 60_000), 'both are asked', `${offers('OPEN')}`)
second = await start('serve', SECOND, ['--lab'])
await putForward([SECOND], AT - 3 * HOUR + MINUTE)
const links = [await linkOf(other, FIRST, 'offers'), await linkOf(families[4], SECOND, 'offers')]
const dies = accept(families[4], SECOND, links[1])
const stays = accept(other, FIRST, links[0])
await sleep(15)
killAll(second.child)
const said = [await stays, await dies]
ok(await until(() => booked() === 2 && offers('ACCEPTED') === 2, 20_000), 'both accept as one service is killed: one has it', JSON.stringify(said))
ok(await until(() => offers('OPEN') === 0, 20_000), 'and the other is asked no longer')
intact('after the second')
const winner = number(`SELECT COUNT(*) FROM visit WHERE booker = ${other.id} AND state = 'BOOKED'`) === 1 ? other : families[4]
const loser = winner === other ? families[4] : other
ok(said[winner === other ? 0 : 1] !== 200 && number(`SELECT COUNT(*) FROM waiting WHERE booker = ${loser.id} AND state = 'WAITING'`) === 1,
  'whoever was too late waits as before', JSON.stringify(said))

// Both places are taken, and often somebody does not come: one more is asked to stand by, and is called once.
second = await start('serve', SECOND, ['--lab'])
ok(await wait(families[5], FIRST) === 303, 'one more waits')
await putForward([FIRST, SECOND], AT - 2 * HOUR)
const standing = `SELECT COUNT(*) FROM standby WHERE start_at = ${AT} AND state = `
const isAsked = () => number(`${standing} 'ASKED'`) === 1
for (let i = 1; i < 6 && !isAsked(); i++) {
  countAbsences() // the service counts a new day itself, once, be it after this
  await putForward([FIRST, SECOND], AT - 2 * HOUR + i * 11 * MINUTE)
  await until(isAsked, 8000)
}
ok(isAsked(), 'one is asked to stand by')
const standsBy = families.find(f => number(`SELECT COUNT(*) FROM standby WHERE booker = ${f.id}`) === 1)
const agreed = await accept(standsBy, SECOND, await linkOf(standsBy, SECOND, 'standby'))
ok(agreed === 303 && number(`${standing} 'AGREED'`) === 1, 'and agrees', `${agreed}`)
const over = AT + 10 * MINUTE
await putForward([FIRST, SECOND], over - 3)
await sleep(3000 + Math.floor(Math.random() * 1200))
killAll(second.child)
ok(await until(() => number(`${standing} 'CALLED'`) === 1, 30_000), 'nobody came: they are called, though one service is killed at that moment')
second = await start('serve', SECOND, ['--lab'])
await putForward([SECOND], over + MINUTE)
await sleep(4000)
const theirs = rows(`SELECT start_at - ${AT}, minutes, state FROM visit WHERE booker = ${standsBy.id} AND start_at > ${AT}`)
ok(JSON.stringify(theirs) === JSON.stringify([['600', '20', 'BOOKED']]), 'for the twenty minutes that are left, once', JSON.stringify(theirs))
ok(told(standsBy, 'STANDBY_CALLED') === 1 && told(standsBy, 'STANDBY') === 1, 'and were asked and told once')
ok(number(`SELECT COUNT(*) FROM visit WHERE start_at = ${AT} AND state = 'NO_SHOW'`) === 1, 'in the place of one of those who did not come')
intact('at the end')
execFileSync(process.argv[2], ['audit', 'verify', '--store', process.env.STORE], { stdio: ['ignore', 'ignore', 'inherit'] })
ok(true, 'the log has no hole')
end()
