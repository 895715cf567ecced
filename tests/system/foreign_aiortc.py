#!/usr/bin/python3
"""Debian's aiortc as a foreign client of WHIP and WHEP: it publishes, plays, and does both at once.

foreign_aiortc.py [PVL]: starts `pvl serve --lab` (default build/src/programs/pvl; TCP 47082, UDP 47040)
and meets itself in its rooms.  TAP.
"""
import asyncio
import os
import signal
import time

import foreign
from foreign import Tap

import aiohttp
from aiortc_client import Client, Picture, Tone

PORT, MEDIA_PORT = 47082, 47040
URL = f"http://127.0.0.1:{PORT}"


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


class Stream:
    """An event stream that is read until it is cut: (id, name, data) of each event."""

    def __init__(self, http, end, last=""):
        self.events = []
        self.task = asyncio.ensure_future(self.read(http, end["events"], {"Last-Event-ID": last} if last else {}))

    async def read(self, http, url, headers):
        async with http.get(url, headers=headers, timeout=aiohttp.ClientTimeout(total=60)) as r:
            fields = {}
            async for line in r.content:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name:
                    fields[name] = value
                elif "data" in fields:
                    self.events.append((fields.get("id"), fields["event"], fields["data"]))
                    fields = {}

    async def reaches(self, count=1, last=None):
        end = time.monotonic() + 5
        while time.monotonic() < end and not (len(self.events) >= count and last in (None, self.events[-1][0])):
            await asyncio.sleep(0.02)

    async def cut(self):
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


async def resumed_events(tap, http):
    ends = foreign.make_room(URL)["ends"]
    whole, first = Stream(http, ends[0]), Stream(http, ends[0])
    await whole.reaches()
    await first.reaches()
    one = await Client(http, ends[1]).join("sendonly", [Tone(500)])
    await one.connected()
    await asyncio.sleep(0.3)
    await first.reaches(last=whole.events[-1][0])
    await first.cut()
    missed_from = len(whole.events)
    await one.delete()
    two = await Client(http, ends[1]).join("sendonly", [Tone(500)])
    await two.connected()
    await asyncio.sleep(0.3)
    second = Stream(http, ends[0], first.events[-1][0])
    await second.reaches(last=whole.events[-1][0])
    said = f"whole {whole.events}\nfirst {first.events}\nsecond {second.events}"
    tap.ok(len(whole.events) - missed_from >= 3 and whole.events[1:] == first.events[1:] + second.events,
           "an event stream that was cut goes on where it was, and nothing is lost or told twice", said)
    strange = Stream(http, ends[0], "deadbeef-1")
    await strange.reaches()
    tap.ok(strange.events and strange.events[0][1] == "snapshot", "an id that is none of this stream gets everything anew",
           strange.events)
    for stream in (whole, second, strange):
        await stream.cut()
    for client in (one, two):
        await client.close()


async def media_server_dies(tap, http, server):
    """Stopped, it answers no offer; killed, it leaves nobody waiting for the end of its time."""
    ends = foreign.make_room(URL)["ends"]
    (worker,) = foreign.children(server.pid, "pvl-media")
    os.kill(worker, signal.SIGSTOP)
    client = Client(http, ends[0])
    joining = asyncio.ensure_future(client.join("sendonly", [Tone(500)]))
    await asyncio.sleep(0.5)
    os.kill(worker, signal.SIGKILL)
    killed = time.monotonic()
    await joining
    tap.ok(client.status == 503 and time.monotonic() - killed < 1, "who waits for a media server that dies is told at once",
           f"{client.status} after {time.monotonic() - killed:.2f} s: {client.answer}")
    left, right = Client(http, ends[0]), Client(http, ends[1])
    for new, tracks in ((left, [Picture(60), Tone(400)]), (right, [Picture(180), Tone(1000)])):
        while new.status != 201 and time.monotonic() - killed < 3:
            await new.close()
            new.__init__(http, new.end)
            await new.join("sendrecv", tracks)
    await asyncio.gather(left.seen.enough(25, 25), right.seen.enough(25, 25))
    tap.ok(left.seen.shows(180) and right.seen.shows(60), "and the room goes on in the next one",
           f"left: {left.seen.say()}\nright: {right.seen.say()}")
    for one in (client, left, right):
        await one.close()


async def story(tap, server):
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as http:
        tap.ok(foreign.answers(URL), "the service answers")
        await publisher_and_player(tap, http)
        await both_ways(tap, http)
        await refusals(tap, http)
        await resumed_events(tap, http)
        await media_server_dies(tap, http, server)


def main():
    tap = Tap()
    with foreign.service(PORT, MEDIA_PORT) as server:
        try:
            asyncio.run(asyncio.wait_for(story(tap, server), 70))
        except Exception as error:  # the plan must be told whatever happens
            tap.ok(False, "the story is told to its end", repr(error))
    tap.end()


main()
