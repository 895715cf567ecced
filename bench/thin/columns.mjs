// columns.mjs - the three ways to meet over one line: our server, browser to browser, Debian's Janus.
//
// One end is here, beside the servers, the other behind the line. Each join() resolves when both have begun; what they
// then see and hear is the matter of meter.js.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join as path } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeRoom } from '../../tests/browser/lab.js'
import { openLine, startServer } from '../../tests/browser/server.js'
import { until } from '../../tests/browser/browsers.js'
import { NEAR } from '../../tests/net/line.js'
import { join, open, openBenches } from '../../tests/net/visit.js'

/* global RTCPeerConnection, MediaStream, navigator, document */

const here = dirname(fileURLToPath(import.meta.url))
const CAMERA = { audio: true, video: { width: 640, height: 360, frameRate: 20 } }
const PAGE = { '/bench': ['text/html', '<!doctype html><title>Bench</title><body>'] }

const benches = (server, own) => {
  const near = openLine(server, server.port + 5, own)
  const far = openLine(server, server.port + 6, own, NEAR)
  return { near: `http://localhost:${server.port + 5}/bench`, far: `http://${NEAR}:${server.port + 6}/bench`, close() { near.close(); far.close() } }
}

/** Puts whatever comes on this connection into a video on the page. */
const inPage = camera => {
  globalThis.show = pc => {
    const stream = new MediaStream()
    const video = document.createElement('video')
    video.autoplay = true
    video.srcObject = stream
    pc.addEventListener('track', ({ track }) => {
      stream.addTrack(track)
      if (stream.getTracks().length < 2) return
      document.body.append(video)
      video.play().catch(() => undefined)
    })
  }
  globalThis.camera = () => (globalThis.own ??= navigator.mediaDevices.getUserMedia(camera))
}

async function pvl(port) {
  const server = await startServer(port, {})
  const pages = openBenches(server)
  return {
    ...pages,
    async join(near, far) {
      const room = await makeRoom(server)
      const seat = role => room.ends.find(end => end.role === role)
      await open(near, pages.near)
      await open(far, pages.far)
      await join(near, seat('prisoner'))
      const at = Date.now()
      await join(far, seat('visitor'))
      return at
    },
    async stop() { pages.close(); await server.stop() },
  }
}

async function p2p(port) {
  const pages = benches({ port }, PAGE)
  const offer = async () => {
    const pc = globalThis.pc = new RTCPeerConnection()
    globalThis.show(pc)
    for (const track of (await globalThis.camera()).getTracks()) pc.addTrack(track, await globalThis.camera())
    await pc.setLocalDescription()
    await new Promise(done => (pc.iceGatheringState === 'complete' ? done() : pc.addEventListener('icegatheringstatechange', () => pc.iceGatheringState === 'complete' && done())))
    return pc.localDescription.sdp
  }
  const answer = async sdp => {
    const pc = globalThis.pc = new RTCPeerConnection()
    globalThis.show(pc)
    await pc.setRemoteDescription({ type: 'offer', sdp })
    for (const track of (await globalThis.camera()).getTracks()) pc.addTrack(track, await globalThis.camera())
    await pc.setLocalDescription()
    await new Promise(done => (pc.iceGatheringState === 'complete' ? done() : pc.addEventListener('icegatheringstatechange', () => pc.iceGatheringState === 'complete' && done())))
    return pc.localDescription.sdp
  }
  return {
    ...pages,
    async join(near, far) {
      for (const [page, url] of [[near, pages.near], [far, pages.far]]) {
        await page.goto(url)
        await page.evaluate(inPage, CAMERA)
        await page.evaluate(() => globalThis.camera().then(() => undefined))
      }
      const at = Date.now()
      const sdp = await far.evaluate(answer, await near.evaluate(offer))
      await near.evaluate(sdp => globalThis.pc.setRemoteDescription({ type: 'answer', sdp }), sdp)
      return at
    },
    stop: async () => pages.close(),
  }
}

const ROOM_BPS = 512000

async function janus() {
  const child = spawn('janus', ['-F', '.', '--rtp-port-range=50000-50100'], { cwd: path(here, '../janus'), stdio: 'ignore' })
  const gone = new Promise(done => child.on('exit', done))
  const pages = benches({ port: 45088 }, PAGE)
  const stop = async () => {
    pages.close()
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), 3000)
    await gone
    clearTimeout(late)
  }
  const client = readFileSync(path(here, '../janus/client.js'), 'utf8')
  try {
    await until('Janus answers', async () => (await fetch('http://127.0.0.1:45088/janus/info')).ok)
  } catch (error) {
    await stop()
    throw error
  }
  let room = 21000
  return {
    ...pages, stop,
    async join(near, far) {
      room++
      for (const [page, url] of [[near, pages.near], [far, pages.far]]) {
        await page.goto(url)
        await page.evaluate(inPage, CAMERA)
        await page.evaluate(client)
        await page.evaluate(async () => { await globalThis.camera(); await globalThis.janusClient.ready() })
      }
      await near.evaluate(async ({ room, bps }) => {
        await globalThis.janusClient.createRoom(room, bps)
        await globalThis.janusClient.publish(room, 1, await globalThis.camera())
      }, { room, bps: ROOM_BPS })
      const at = Date.now()
      const bound = (page, what, given) => Promise.race([page.evaluate(what, given), new Promise(done => setTimeout(done, 15000))])
      // First out, then in: a subscriber who floods the line would starve the signalling of its own publishing.
      await bound(far, async ({ room }) => globalThis.janusClient.publish(room, 2, await globalThis.camera()), { room })
      await Promise.all([
        bound(near, ({ room }) => globalThis.janusClient.subscribe(room, 2, globalThis.show), { room }),
        bound(far, ({ room }) => globalThis.janusClient.subscribe(room, 1, globalThis.show), { room }),
      ])
      return at
    },
  }
}

export const COLUMNS = { pvl, p2p, janus }
