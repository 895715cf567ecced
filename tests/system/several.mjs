// several - two services on one PostgreSQL, as on two machines: what happens on one reaches the other.
//
//   tools/with-postgres node tests/system/several.mjs PVL
//
// A family is with the first service, staff with the second; before both stand the two proxies of docs/operating.
// Then the first is killed.
import { execFileSync, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:http2'
import { join } from 'node:path'
import { Browser, FIRST, SECOND, children, data, end, killAll, ok, sleep, start } from './services.mjs'

const HAPROXY = FIRST + 6
const NGINX = FIRST + 7
const PROXIES = { haproxy: HAPROXY, nginx: NGINX }
const site = port => `${Object.values(PROXIES).includes(port) ? 'https' : 'http'}://127.0.0.1:${port}`
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0' // the proxies' certificate is nobody's
const PASSWORD = 'sample-visit-2026'

/** An example of our documentation, on addresses of this test. */
const example = name => readFileSync(new URL(`../../docs/operating/examples/${name}`, import.meta.url), 'utf8')
  .replaceAll('10.0.0.1:8080', `127.0.0.1:${FIRST}`).replaceAll('10.0.0.2:8080', `127.0.0.1:${SECOND}`)

async function startProxy(port, command, list) {
  children.add(spawn(command, list, { stdio: 'ignore' }))
  for (let i = 0; i < 200; i++) {
    try {
      if ((await fetch(`${site(port)}/ping`)).ok) return
    } catch { /* not yet */ }
    await sleep(100)
  }
  throw new Error(`${command} does not answer`)
}

// The certificate that the demonstration made for itself.
const certificate = () => join(data, 'demo/demo-certificate.pem')
const key = () => join(data, 'demo/demo-key.pem')

async function startHaproxy() {
  const file = join(data, 'haproxy.cfg')
  const both = join(data, 'visits.pem')
  writeFileSync(both, readFileSync(certificate(), 'utf8') + readFileSync(key(), 'utf8'))
  writeFileSync(file, example('haproxy.cfg').replace('bind :443', `bind 127.0.0.1:${HAPROXY}`).replace('/etc/haproxy/visits.pem', both))
  await startProxy(HAPROXY, '/usr/sbin/haproxy', ['-f', file])
}

/** One process; what it writes down goes into a folder of its own. */
async function startNginx() {
  const file = join(data, 'nginx.conf')
  const own = example('nginx.conf').replace('listen 443', `listen 127.0.0.1:${NGINX}`)
    .replace('/etc/nginx/visits.pem', certificate()).replace('/etc/nginx/visits.key', key())
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(kind => `${kind}_temp_path ${data}/nginx-${kind};`)
  writeFileSync(file, `daemon off; master_process off; pid ${data}/nginx.pid; error_log ${data}/nginx.log;\n` +
    `events {}\nhttp {\naccess_log off;\n${folders.join('\n')}\n${own}}\n`)
  await startProxy(NGINX, '/usr/sbin/nginx', ['-e', join(data, 'nginx.log'), '-c', file])
}

/** Opens that many event streams by one connection, as the tabs of a browser do; what became of those that did not begin. */
async function streamsThatFailed(port, browser, count) {
  const session = connect(site(port)).on('error', () => {}) // its streams tell
  const cookie = [...browser.jar].map(([k, v]) => `${k}=${v}`).join('; ')
  const begin = () => new Promise((done, fail) => {
    const stream = session.request({ ':path': '/staff/events', cookie })
    let status = 0
    let text = '' // a proxy cuts it where its buffers end, be it in the first word
    const failed = why => fail(new Error(`${why}; status ${status}, ${text.length} bytes: ${text.slice(0, 40)}`))
    stream.setTimeout(5000, () => failed('silent'))
    stream.on('response', headers => (status = headers[':status']))
    stream.on('error', error => failed(error.message)).on('end', () => failed('ended'))
    stream.on('data', piece => {
      text += piece
      if (text.includes('event: snapshot')) done()
    })
    stream.end()
  })
  try {
    const begun = await Promise.allSettled([...Array(count)].map(begin))
    return begun.filter(one => one.reason).map(one => one.reason.message)
  } finally {
    session.destroy()
  }
}

/** Shows the form on one service and sends it to the other. */
async function signIn(email, path, shownBy, sentTo) {
  const browser = new Browser(site)
  const csrf = await browser.csrf(shownBy, path)
  const answer = await browser.ask(sentTo, path, { csrf, email, password: PASSWORD })
  return { browser, status: answer.status }
}

/** Events of a stream as they come. */
function listen(browser, port, path) {
  const seen = []
  const stop = new AbortController()
  const done = (async () => {
    const answer = await fetch(site(port) + path,
      { signal: stop.signal, headers: { cookie: [...browser.jar].map(([k, v]) => `${k}=${v}`).join('; ') } })
    let rest = ''
    for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
      rest += piece
      const parts = rest.split('\n\n')
      rest = parts.pop()
      for (const part of parts) {
        const name = /^event: (.*)$/m.exec(part)?.[1]
        const json = /^data: (.*)$/m.exec(part)?.[1]
        if (name) seen.push({ name, data: JSON.parse(json) })
      }
    }
  })().catch(() => {})
  return {
    async until(good, ms = 8000) {
      for (const end = Date.now() + ms; Date.now() < end; await sleep(50)) {
        const event = seen.find(good)
        if (event) return event
      }
      return null
    },
    clear: () => seen.splice(0),
    close: () => (stop.abort(), done),
  }
}

/** As the page does it: led elsewhere it goes there; told to try again it does, for a while. */
async function takeSeat(browser, port, reference, { patience = 0, shown = `/visits/${reference}/join` } = {}) {
  const page = await (await browser.ask(port, shown)).text()
  const csrf = /data-csrf="([^"]+)"/.exec(page)?.[1] ?? /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const headers = { 'x-csrf-token': csrf, 'content-type': 'application/json' }
  const own = `/api/v1/visits/${reference}/join`
  for (let path = own, end = Date.now() + patience; ;) {
    const answer = await browser.ask(port, path, '{}', headers).catch(() => ({ status: 0 }))
    if (Object.values(PROXIES).includes(port) && answer.status === 307) {
      path = answer.headers.get('location')
      continue
    }
    if (answer.status === 200 || Date.now() >= end)
      return { status: answer.status, to: answer.headers?.get('location'), ...(await answer.json?.().catch(() => ({}))) }
    path = own
    await sleep(200)
  }
}

const first = await start('demo', FIRST, ['--tls-port', `${FIRST + 1}`])
const second = await start('serve', SECOND, [])
await startHaproxy()
await startNginx()
const reference = /joined now: ([A-Z0-9-]+)/.exec(first.text())?.[1]?.replaceAll('-', '')

const family = await signIn('amina@family.example', '/sign-in', FIRST, SECOND)
ok(family.status === 303, 'a form that one service showed is good at the other', `${family.status}`)
const officer = await signIn('monitor@wandsworth.example', '/staff/sign-in', SECOND, SECOND)
ok(officer.status === 303, 'staff sign in at the second', `${officer.status}`)

const list = listen(officer.browser, SECOND, '/staff/events')
await list.until(e => e.name === 'snapshot')
const seat = await takeSeat(family.browser, FIRST, reference)
ok(seat.status === 200, 'the family, signed in at the second, takes its seat at the first', JSON.stringify(seat))
const stream = listen(family.browser, FIRST, seat.events)
ok(await stream.until(e => e.name === 'snapshot'), 'its stream begins with a snapshot')
const row = await list.until(e => e.name === 'visit' && e.data.reference === reference)
ok(row, 'the list of staff at the second shows a visit that lives at the first')
const late = listen(officer.browser, SECOND, '/staff/events')
const all = await late.until(e => e.name === 'snapshot')
ok(all?.data.visits.some(v => v.reference === reference), 'so does a list that is opened later')
await late.close()

const page = await (await officer.browser.ask(SECOND, `/staff/visits/${reference}/watch`)).text()
const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1]
const people = [...page.matchAll(/name="person"[^>]*value="(\d+)"|value="(\d+)"[^>]*name="person"/g)].map(m => m[1] ?? m[2])
let admitted = 0
for (const person of new Set(people))
  admitted = (await officer.browser.ask(SECOND, `/staff/visits/${reference}/admit`, { csrf, person })).status
ok(admitted === 303, 'staff admit at the second', `${admitted}, ${people.length} people`)
ok(await stream.until(e => e.name === 'admitted'), 'the family at the first is told at once')
ok(await list.until(e => e.name === 'visit' && e.data.people.some(p => p.role === 'visitor' && p.admitted)),
  'and the list at the second shows it')

const watch = { shown: `/staff/visits/${reference}/watch` }
const astray = await takeSeat(officer.browser, SECOND, reference, watch)
ok(astray.status === 307 && astray.to === `/api/v1/visits/${reference}/join?service=a`,
  'an officer who wants to look in, at the second, is led to the first', JSON.stringify(astray))
for (const [name, proxy] of Object.entries(PROXIES)) {
  const looks = []
  for (let i = 0; i < 4; i++) looks.push(await takeSeat(officer.browser, proxy, reference, watch))
  ok(looks.every(l => l.status === 200 && l.events.endsWith('&service=a')),
    `through ${name} they get there, to whichever service it sends them`, JSON.stringify(looks))
  const watching = listen(officer.browser, proxy, looks.at(-1).events)
  ok(await watching.until(e => e.name === 'snapshot' && e.data.monitor), 'and watch')
  await watching.close()
  const silent = await streamsThatFailed(proxy, officer.browser, 8)
  ok(silent.length === 0, `through ${name} eight tabs have their streams by one connection`, silent.join(' | '))
}
ok(await stream.until(e => e.name === 'monitor' && e.data.present), 'the visit that the family is in, which is told so')

const died = Date.now()
killAll(first.child)
await stream.close()
let again
for (const [name, proxy] of Object.entries(PROXIES)) {
  again = await takeSeat(family.browser, proxy, reference, { patience: 30000 })
  ok(again.status === 200 && again.events.endsWith('&service=b'),
    `when the first is killed, the family takes its seat at the second, through ${name}`, JSON.stringify(again))
  console.log(`# after ${((Date.now() - died) / 1000).toFixed(1)} s`)
}
const moved = listen(family.browser, NGINX, again.events)
const snapshot = await moved.until(e => e.name === 'snapshot')
ok(snapshot?.data.people.some(p => p.role === 'visitor' && p.admitted), 'and is admitted there as before')
list.clear()
const ended = await officer.browser.ask(SECOND, `/staff/visits/${reference}/end`, { csrf, why: 'EQUIPMENT', reason: 'The line of the prison is down' })
ok(ended.status === 303 && await moved.until(e => e.name === 'ended'), 'staff end it, and the family is told', `${ended.status}`)
await moved.close()
await list.close()

// All of PostgreSQL dies and is started again by somebody; the service, in its sandbox, comes back by itself.
const home = async () => {
  const answer = await family.browser.ask(SECOND, '/home')
  return { status: answer.status, text: await answer.text() }
}
process.kill(Number(readFileSync(join(process.env.PVL_POSTGRES, 'data/postmaster.pid'), 'utf8').split('\n')[0]), 'SIGKILL')
await sleep(3000)
const without = await home()
ok(without.status === 503 && without.text.includes('<h1'), 'without a database a page says so', `${without.status}`)
const told = second.log().split('\n').filter(line => line.includes('commit_failed'))
const turns = JSON.parse(told.at(-1) ?? '{}').so_far
ok(told.length > 0 && told.length < 6 && turns < 200, 'what is due waits without turning in a circle, and the log says so once a second',
  `${told.length} lines, ${turns} turns`)
for (let i = 0; i < 20; i++) {
  try {
    execFileSync(join(process.env.PVL_POSTGRES, 'start'), { stdio: 'ignore' })
    break
  } catch {
    await sleep(500)
  }
}
let back = await home()
for (let i = 0; i < 100 && back.status !== 200; i++, back = await home()) await sleep(100)
ok(back.status === 200 && back.text.includes(reference.slice(0, 4)), 'with it the family finds its visits again', `${back.status}`)
end()
