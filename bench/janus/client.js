/*
 * client.js - in a page: joins a room of Janus' VideoRoom, as bench/join and bench/thin-lines do.
 *
 * Loaded as text, so it imports nothing. Everything before ready() is done counts for nobody: session and handles exist
 * before the click, and who publishes may subscribe at the same time, which is more than a real page would have.
 */
globalThis.janusClient = (() => {
  const post = async (path, body) => (await fetch(`/janus${path}`, { method: 'POST', body: JSON.stringify({ transaction: 't', ...body }) })).json()
  let session, pub, sub
  const events = []

  async function listen() {
    for (;;) {
      const list = await (await fetch(`/janus/${session}?maxev=10`)).json()
      for (const e of Array.isArray(list) ? list : [list]) events.push(e)
    }
  }

  async function ready() {
    session = (await post('', { janus: 'create' })).data.id
    const attach = async () => (await post(`/${session}`, { janus: 'attach', plugin: 'janus.plugin.videoroom' })).data.id
    pub = await attach()
    sub = await attach()
    listen().catch(() => undefined)
  }

  const say = (handle, body, jsep) => post(`/${session}/${handle}`, { janus: 'message', body, jsep })

  async function answered(handle) {
    for (;;) {
      const at = events.findIndex(e => e.sender === handle && e.janus === 'event' && e.jsep)
      if (at >= 0) return events.splice(at, 1)[0].jsep
      await new Promise(done => setTimeout(done, 2))
    }
  }

  const createRoom = (room, bitrate) => say(pub, { request: 'create', room, publishers: 50, videocodec: 'vp8', bitrate })

  /** Sends this stream. Host candidates are there at once; Janus needs none of ours. */
  async function publish(room, id, stream) {
    const pc = new RTCPeerConnection()
    for (const track of stream.getTracks()) pc.addTransceiver(track, { direction: 'sendonly' })
    await pc.setLocalDescription(await pc.createOffer())
    await say(pub, { request: 'joinandconfigure', ptype: 'publisher', room, id, audio: true, video: true }, { type: 'offer', sdp: pc.localDescription.sdp })
    await pc.setRemoteDescription(await answered(pub))
    globalThis.pubPc = pc
  }

  /** Receives this feed; made is called with the connection before anything comes. */
  async function subscribe(room, feed, made) {
    const pc = new RTCPeerConnection()
    made(pc)
    await say(sub, { request: 'join', ptype: 'subscriber', room, feed })
    await pc.setRemoteDescription(await answered(sub))
    await pc.setLocalDescription(await pc.createAnswer())
    await say(sub, { request: 'start' }, { type: 'answer', sdp: pc.localDescription.sdp })
    globalThis.subPc = pc
  }

  return { ready, createRoom, publish, subscribe, leave: () => post(`/${session}`, { janus: 'destroy' }) }
})()
