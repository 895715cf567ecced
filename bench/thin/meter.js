/*
 * meter.js - in a page, before its own scripts: what it shows and sounds, with times.
 *
 * Whoever joins, by whatever server: the first stream from getUserMedia is what we send, each video that the page adds
 * shows somebody else, connections are found in globalThis.connections (tests/browser/browsers.js). Times are ms of the
 * wall clock, which both ends share: they run on one machine.
 *
 *   meter.collect()   { sent, seen: [{frame, at, height}], stats: [...], mouth, ear: [at], pictures: [...] }
 */
/* global AudioContext, AudioWorkletNode, VideoFrame, MutationObserver */
(() => {
  if (!navigator.mediaDevices) return // about:blank
  const BITS = 16
  const KEEP_EVERY_MS = 1000
  const STATS_EVERY_MS = 1000
  const out = { sent: [], seen: [], stats: [], mouth: [], ear: [], pictures: [], errors: [] }
  const wall = performanceTime => performance.timeOrigin + performanceTime
  const noted = what => error => { if (out.errors.length < 20) out.errors.push(`${what}: ${error}`) }

  // ---- pictures ----

  /** Rows of luma of a frame: {luma, stride}. */
  async function rows(frame, y, height) {
    const rect = { x: 0, y, width: frame.visibleRect.width & ~1, height }
    if (frame.format !== 'I420' && frame.format !== 'NV12') return fromCanvas(frame, rect)
    const bytes = new Uint8Array(frame.allocationSize({ rect }))
    const [plane] = await frame.copyTo(bytes, { rect })
    return { luma: bytes.subarray(plane.offset), stride: plane.stride }
  }

  const canvas = document.createElement('canvas')
  function fromCanvas(frame, { y, width, height }) {
    canvas.width = width
    canvas.height = height
    const context = canvas.getContext('2d', { willReadFrequently: true })
    context.drawImage(frame, 0, y, width, height, 0, 0, width, height)
    const { data } = context.getImageData(0, 0, width, height)
    const luma = new Uint8Array(width * height)
    for (let i = 0; i < luma.length; i++) // BT.601, limited range
      luma[i] = 16 + (65.738 * data[4 * i] + 129.057 * data[4 * i + 1] + 25.064 * data[4 * i + 2]) / 256
    return { luma, stride: width }
  }

  function decode(luma, width) {
    const bits = []
    for (let i = 0; i < BITS; i++) bits.push(luma[Math.floor((i + 0.5) * width / BITS)] > 125 ? 1 : 0)
    const parity = bits.slice(0, 14).reduce((a, b) => a ^ b, 0)
    if (bits[0] !== 1 || bits[1] !== 0 || bits[15] !== 1 || bits[14] !== parity) return null
    const number = (from, to) => bits.slice(from, to).reduce((a, b) => a * 2 + b, 0)
    return { who: number(2, 6), frame: number(6, 14) }
  }

  function base64(bytes) {
    let text = ''
    for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768))
    return btoa(text)
  }

  let keptAt = 0
  async function keep(frame, code, at) {
    keptAt = at
    const width = frame.visibleRect.width & ~1, height = frame.visibleRect.height & ~1
    const { luma, stride } = await rows(frame, 0, height)
    const packed = new Uint8Array(width * height)
    for (let y = 0; y < height; y++) packed.set(luma.subarray(y * stride, y * stride + width), y * width)
    out.pictures.push({ ...code, at, width, height, luma: packed })
  }

  async function look(video, at, into) {
    const frame = new VideoFrame(video)
    try {
      const width = frame.visibleRect.width & ~1, height = frame.visibleRect.height
      const { luma } = await rows(frame, Math.floor(height / 30) & ~1, 2)
      const code = decode(luma, width)
      into.push({ frame: code?.frame ?? null, who: code?.who ?? null, at, height })
      if (code && into === out.seen && at - keptAt >= KEEP_EVERY_MS) await keep(frame, code, at)
    } finally {
      frame.close()
    }
  }

  function watch(video, into) {
    const next = (now, { presentationTime }) => {
      video.requestVideoFrameCallback(next)
      look(video, wall(presentationTime), into).catch(noted('picture'))
    }
    video.requestVideoFrameCallback(next)
  }

  // ---- sound: markers are bursts of one tone (bench/thin/devices.mjs) ----

  const EAR = `registerProcessor('ear', class extends AudioWorkletProcessor {
    constructor() { super(); this.heard = 0; this.block = []; }
    process([input]) {
      const samples = input[0];
      if (samples) this.block.push(...samples);
      if (this.block.length < 512) return true;
      const n = this.block.length, w = 2 * Math.cos(2 * Math.PI * 1900 / sampleRate);
      let a = 0, b = 0, power = 0;
      for (const s of this.block) { const c = s + w * a - b; b = a; a = c; power += s * s; }
      const tone = (a * a + b * b - w * a * b) / n * 2;
      this.block = [];
      if (power / n > 1e-6 && tone > 0.5 * power && currentTime - this.heard > 1) {
        this.heard = currentTime;
        this.port.postMessage(Date.now());
      }
      return true;
    }
  });`

  let context
  async function listen(stream, into) {
    context ??= (async () => {
      const made = new AudioContext({ sampleRate: 48000 })
      await made.audioWorklet.addModule(URL.createObjectURL(new Blob([EAR], { type: 'text/javascript' })))
      await made.resume()
      return made
    })()
    const at = await context
    const ear = new AudioWorkletNode(at, 'ear', { numberOfOutputs: 0 })
    ear.port.onmessage = ({ data }) => into.push(data)
    at.createMediaStreamSource(stream).connect(ear)
  }

  // ---- numbers of the browser ----

  async function stats() {
    const now = { at: Date.now() }
    for (const pc of globalThis.connections ?? []) {
      if (pc.connectionState === 'closed') continue
      for (const s of (await pc.getStats()).values()) {
        if (s.type === 'inbound-rtp' && s.kind === 'video' && s.packetsReceived > 0)
          Object.assign(now, { decoded: s.framesDecoded ?? 0, videoBytes: s.bytesReceived, freezes: s.freezeCount ?? 0 })
        if (s.type === 'inbound-rtp' && s.kind === 'audio' && s.packetsReceived > 0)
          Object.assign(now, { samples: s.totalSamplesReceived ?? 0, audioBytes: s.bytesReceived,
            concealed: (s.concealedSamples ?? 0) - (s.silentConcealedSamples ?? 0) })
        if (s.type === 'candidate-pair' && s.nominated && s.currentRoundTripTime)
          now.rtt = Math.max(now.rtt ?? 0, 1000 * s.currentRoundTripTime)
      }
    }
    out.stats.push(now)
  }

  // ---- what the page does ----

  const devices = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
  let sending = false
  navigator.mediaDevices.getUserMedia = async wanted => {
    const stream = await devices(wanted)
    if (sending) return stream
    sending = true
    const video = document.createElement('video')
    video.dataset.own = ''
    video.muted = video.autoplay = true
    video.srcObject = new MediaStream(stream.getVideoTracks())
    document.documentElement.append(video)
    watch(video, out.sent)
    listen(stream, out.mouth).catch(noted('mouth'))
    return stream
  }

  const seen = new WeakSet()
  function found(video) {
    if (seen.has(video) || 'own' in video.dataset) return
    seen.add(video)
    watch(video, out.seen)
    const sound = () => {
      const stream = video.srcObject
      if (stream?.getAudioTracks().length > 0) listen(stream, out.ear).catch(noted('ear'))
    }
    video.addEventListener('loadedmetadata', sound, { once: true })
  }

  new MutationObserver(() => document.querySelectorAll('video').forEach(found))
    .observe(document, { childList: true, subtree: true })
  setInterval(() => stats().catch(noted('stats')), STATS_EVERY_MS)

  globalThis.meter = {
    collect: () => ({ ...out, tiers: globalThis.tiers ?? [], pictures: out.pictures.map(p => ({ ...p, luma: base64(p.luma) })) }),
  }
})()
