"""What the tests with foreign clients share: the service, rooms, TAP, and pictures that say who and when.

A picture carries its number as 8 dark or bright fields above a grey that tells whose it is, and sound is a tone
per person, so that what arrives is known to be what was sent, not merely something.
"""
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

WIDTH, HEIGHT, FIELDS, FPS = 320, 240, 8, 20
RATE, SAMPLES = 48000, 960
DEBIAN = "/usr/bin/python3"  # has the packages of Debian; another python3 may come first on the path
ADDRESS = os.environ.get("PVL_TEST_ADDRESS", "127.0.0.1")


def in_debian():
    """Goes on in Debian's own python3.  Before any import of its packages."""
    if os.path.realpath(sys.executable) != os.path.realpath(DEBIAN):
        os.execv(DEBIAN, [DEBIAN, *sys.argv])


in_debian()
import numpy  # noqa: E402


def paint(number, grey):
    """I420 planes, one below the other, as one array of bytes."""
    y = numpy.full((HEIGHT, WIDTH), grey, numpy.uint8)
    for bit in range(FIELDS):
        left = bit * WIDTH // FIELDS
        y[: HEIGHT // 2, left : left + WIDTH // FIELDS] = 220 if number >> bit & 1 else 40
    return numpy.concatenate([y, numpy.full((HEIGHT // 2, WIDTH), 128, numpy.uint8)])


def tone(hertz, start):
    """One packet of it, from this sample on, as 16 bit."""
    wave = numpy.sin(2 * numpy.pi * hertz * numpy.arange(start, start + SAMPLES) / RATE)
    return (wave * 12000).astype(numpy.int16)


def number_of(luma):
    """The number that a picture shows."""
    wide = WIDTH // FIELDS
    fields = [luma[HEIGHT // 8 : HEIGHT // 4, b * wide + 8 : (b + 1) * wide - 8].mean() for b in range(FIELDS)]
    return sum(1 << bit for bit, light in enumerate(fields) if light > 130)


def pitch_of(samples):
    """Hertz of the strongest tone."""
    strength = numpy.abs(numpy.fft.rfft(samples * numpy.hanning(len(samples))))
    return numpy.argmax(strength) * RATE / len(samples)


class Seen:
    """What one client has received and decoded."""

    def __init__(self):
        self.numbers, self.greys, self.sound = [], [], []

    def picture(self, luma):
        self.numbers.append(number_of(luma))
        self.greys.append(luma[HEIGHT * 3 // 4 :].mean())

    def pitch(self):
        return pitch_of(numpy.concatenate(self.sound[-25:])) if self.sound else 0

    def has(self, pictures, sounds):
        return len(self.numbers) >= pictures and len(self.sound) >= sounds

    def shows(self, grey):
        """At least 20 pictures, of this person, and nearly all in a row of growing numbers."""
        steps = numpy.diff(self.numbers[-20:]) % 256
        return (len(self.numbers) >= 20 and abs(numpy.median(self.greys[-20:]) - grey) < 12
                and (steps >= 1).mean() > 0.9 and (steps <= 4).mean() > 0.9)

    def say(self):
        grey = numpy.median(self.greys) if self.greys else 0
        return (f"{len(self.numbers)} pictures {self.numbers[-8:]} of grey {grey:.0f}, "
                f"{len(self.sound)} sounds of {self.pitch():.0f} Hz")


class Tap:
    def __init__(self):
        self.count, self.failed = 0, 0

    def ok(self, fine, name, why=""):
        self.count += 1
        self.failed += not fine
        print(f"{'' if fine else 'not '}ok {self.count} - {name}", flush=True)
        if not fine:
            print("# " + str(why).replace("\n", "\n# "), flush=True)

    def end(self):
        print(f"1..{self.count}")
        sys.exit(1 if self.failed else 0)


def request(method, url, body=None, headers=None):
    """Status, headers, text; also of a refusal."""
    asked = urllib.request.Request(url, data=body, method=method, headers=headers or {})
    try:
        with urllib.request.urlopen(asked, timeout=10) as r:
            return r.status, r.headers, r.read().decode()
    except urllib.error.HTTPError as r:
        return r.code, r.headers, r.read().decode()


def make_room(url):
    body = json.dumps({"kind": "social", "ends": ["prisoner", "visitor"], "monitors": 0}).encode()
    status, _, text = request("POST", url + "/lab/rooms", body, {"Content-Type": "application/json"})
    assert status == 201, text
    return json.loads(text)


def answers(url):
    """Waits for the service."""
    for _ in range(150):
        with contextlib.suppress(OSError):
            if request("GET", url + "/ping")[0] == 200:
                return True
        time.sleep(0.1)
    return False


def children(parent, name):
    """Pids of this process's children that run the program of this name."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{pid}/stat") as f:
            comm, rest = f.read().split("(", 1)[1].rsplit(")", 1)
            if comm == name and int(rest.split()[1]) == parent:
                found.append(int(pid))
    return found


@contextlib.contextmanager
def service(port, media_port):
    """`pvl serve --lab`; argv[1] names another pvl than that of build/.

    It takes media at $PVL_TEST_ADDRESS where tools/in-namespace has made one: libnice uses no loopback.
    """
    here = os.path.dirname(os.path.abspath(__file__))
    pvl = sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "../../build/src/programs/pvl")
    with tempfile.TemporaryDirectory(prefix="pvl-foreign-") as data:
        server = subprocess.Popen([pvl, "serve", "--lab", "--data", os.path.join(data, "data"), "--listen", "127.0.0.1",
                                   "--port", str(port), "--media-port", str(media_port), "--media-workers", "1",
                                   "--media-address", ADDRESS], stderr=subprocess.DEVNULL)
        try:
            yield server
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(10)
