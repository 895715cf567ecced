#!/usr/bin/python3
"""Debian's aiortc as a foreign client of WHIP and WHEP: it publishes, plays, and does both at once.

foreign_aiortc.py [PVL]: starts `pvl serve --lab` (default build/src/programs/pvl; TCP 47082, UDP 47040)
and meets itself in its rooms.  TAP.
"""
import asyncio
import fractions
import time

import foreign
from foreign import FPS, RATE, SAMPLES, Tap

import aiohttp
import aioice.ice
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, VideoFrame

PORT, MEDIA_PORT = 47082, 47040
URL = f"http://127.0.0.1:{PORT}"
PATIENCE = 12.0  # seconds for a connection and its first pictures

# aioice leaves loopback out of its own accord; everything here is on loopback.
aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]


class Paced(MediaStreamTrack):
    """Hands out frames by the clock."""

    def __init__(self):
        super().__init__()
        self.count = 0
        self.begun = None

    async def pace(self, seconds):
        self.begun = self.begun or time.monotonic()
        await asyncio.sleep(max(0, self.begun + self.count * seconds - time.monotonic()))
        self.count += 1
        return self.count - 1


class Picture(Paced):
    """Its number in binary, one field a bit, on a grey that tells whose picture it is."""

    kind = "video"

    def __init__(self, grey):
        super().__init__()
        self.grey = grey

    async def recv(self):
        number = await self.pace(1 / FPS)
        frame = VideoFrame.from_ndarray(foreign.paint(number, self.grey), format="yuv420p")
        frame.pts, frame.time_base = number * 90000 // FPS, fractions.Fraction(1, 90000)
        return frame


class Tone(Paced):
    kind = "audio"

    def __init__(self, hertz):
        super().__init__()
        self.hertz = hertz

    async def recv(self):
        start = await self.pace(SAMPLES / RATE) * SAMPLES
        frame = AudioFrame.from_ndarray(foreign.tone(self.hertz, start).reshape(1, -1), layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, start, fractions.Fraction(1, RATE)
        return frame


class Seen(foreign.Seen):
    """Of the tracks of one peer connection."""

    async def watch(self, track):
        try:
            while True:
                frame = await track.recv()
                if track.kind == "video":
                    self.picture(frame.to_ndarray(format="yuv420p")[: foreign.HEIGHT])
                else:
                    self.sound.append(frame.to_ndarray()[0, :: len(frame.layout.channels)].astype(float))
        except MediaStreamError:
            pass

    async def enough(self, pictures, sounds):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and not self.has(pictures, sounds):
            await asyncio.sleep(0.05)


class Client:
    """A peer connection at one end of a room."""

    def __init__(self, http, end):
        self.http, self.end = http, end
        self.pc = RTCPeerConnection()
        self.seen = Seen()
        self.status, self.answer, self.location, self.tasks = 0, "", None, []
        self.pc.on("track", lambda track: self.tasks.append(asyncio.ensure_future(self.seen.watch(track))))

    async def join(self, direction, tracks=(), change=lambda sdp: sdp):
        for kind in ("audio", "video"):
            mine = [t for t in tracks if t.kind == kind]
            self.pc.addTransceiver(mine[0] if mine else kind, direction=direction)
        await self.pc.setLocalDescription(await self.pc.createOffer())
        headers = {"Content-Type": "application/sdp", "Authorization": f"Bearer {self.end['token']}"}
        async with self.http.post(self.end["media"], data=change(self.pc.localDescription.sdp), headers=headers) as r:
            self.status, self.answer, self.location = r.status, await r.text(), r.headers.get("Location")
        if self.status == 201:
            await self.pc.setRemoteDescription(RTCSessionDescription(self.answer, "answer"))
        return self

    async def connected(self):
        end = time.monotonic() + PATIENCE
        while self.pc.connectionState != "connected" and time.monotonic() < end:
            await asyncio.sleep(0.02)
        return self.pc.connectionState == "connected"

    async def delete(self):
        async with self.http.delete(URL + self.location, headers={"Authorization": f"Bearer {self.end['token']}"}) as r:
            return r.status

    def answers(self, line, times):
        return self.answer.split("\r\n").count(line) == times

    async def close(self):
        await self.pc.close()
        for task in self.tasks:
            task.cancel()


async def publisher_and_player(tap, http):
    ends = foreign.make_room(URL)["ends"]
    publisher, player = Client(http, ends[0]), Client(http, ends[1])
    await publisher.join("sendonly", [Picture(90), Tone(500)])
    tap.ok(publisher.status == 201, "a publisher's offer is answered", f"{publisher.status} {publisher.answer}")
    tap.ok(publisher.answers("a=recvonly", 2) and publisher.answers("a=setup:passive", 2),
           "the answer takes both its lines and lets it begin DTLS", publisher.answer)
    tap.ok(await publisher.connected(), "the publisher connects, though it knows AES-CM alone", publisher.answer)
    await player.join("recvonly")
    tap.ok(player.status == 201 and player.answers("a=sendonly", 2), "a player's offer is answered with two slots",
           f"{player.status} {player.answer}")
    await player.seen.enough(40, 60)
    tap.ok(player.seen.shows(90), "the player sees the publisher's pictures, one after the other", player.seen.say())
    tap.ok(abs(player.seen.pitch() - 500) < 15, "and hears its tone", player.seen.say())
    tap.ok(not publisher.seen.numbers and not publisher.seen.sound, "the publisher is sent nothing", publisher.seen.say())

    late = len(player.seen.numbers)
    again = await Client(http, ends[1]).join("recvonly")
    await again.seen.enough(25, 25)
    tap.ok(again.seen.shows(90), "a player that comes again is shown pictures again", f"{late}; {again.seen.say()}")
    status = await again.delete()
    tap.ok(status in (200, 204), "DELETE leaves", status)
    before = len(again.seen.numbers)
    await asyncio.sleep(1.0)
    tap.ok(len(again.seen.numbers) - before < 10, "and ends what it is sent", len(again.seen.numbers) - before)
    for client in (publisher, player, again):
        await client.close()


async def both_ways(tap, http):
    ends = foreign.make_room(URL)["ends"]
    left, right = Client(http, ends[0]), Client(http, ends[1])
    await left.join("sendrecv", [Picture(60), Tone(400)])
    await right.join("sendrecv", [Picture(180), Tone(1000)], change=lambda sdp: sdp.replace("actpass", "active"))
    tap.ok(left.answers("a=sendrecv", 2) and right.answers("a=sendrecv", 2), "a sendrecv line is uplink and slot at once",
           f"{left.answer}\n{right.answer}")
    tap.ok(right.status == 201 and right.answers("a=setup:passive", 2), "an offer that is active already is answered too",
           f"{right.status} {right.answer}")
    await asyncio.gather(left.seen.enough(40, 60), right.seen.enough(40, 60))
    tap.ok(left.seen.shows(180) and right.seen.shows(60), "both see the other, not themselves",
           f"left: {left.seen.say()}\nright: {right.seen.say()}")
    tap.ok(abs(left.seen.pitch() - 1000) < 15 and abs(right.seen.pitch() - 400) < 15, "both hear the other",
           f"left: {left.seen.say()}\nright: {right.seen.say()}")
    for client in (left, right):
        await client.close()


async def refusals(tap, http):
    end = foreign.make_room(URL)["ends"][0]
    passive = await Client(http, end).join("sendonly", [Tone(500)], change=lambda s: s.replace("actpass", "holdconn"))
    tap.ok(passive.status in (400, 422) and "setup" in passive.answer, "an offer we cannot serve is told why",
           f"{passive.status} {passive.answer}")
    await passive.close()
    stranger = await Client(http, {**end, "token": "x" * 43}).join("sendonly", [Tone(500)])
    tap.ok(stranger.status == 401, "a wrong token publishes nothing", f"{stranger.status} {stranger.answer}")
    await stranger.close()


async def story(tap):
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as http:
        tap.ok(foreign.answers(URL), "the service answers")
        await publisher_and_player(tap, http)
        await both_ways(tap, http)
        await refusals(tap, http)


def main():
    tap = Tap()
    with foreign.service(PORT, MEDIA_PORT):
        try:
            asyncio.run(asyncio.wait_for(story(tap), 55))
        except Exception as error:  # the plan must be told whatever happens
            tap.ok(False, "the story is told to its end", repr(error))
    tap.end()


main()
