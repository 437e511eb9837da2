"""Asking both sides in turn, and what comes of it: medians of rounds, never of one side after the other."""

import gc
import re
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

ROUNDS = 7
EACH = 25


@dataclass(frozen=True)
class Request:
    """One request to a server on this machine: form data make it a POST."""

    port: int
    path: str
    host: str = "lest-best.localhost"
    cookie: str = ""
    form: tuple[tuple[str, str], ...] | None = None
    htmx: bool = False
    expects: tuple[int, ...] = (200,)


class Browser:
    """A connection that is kept open."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, request: Request) -> tuple[float, bytes]:
        """Send a request; return the seconds it took and the body. Raises RuntimeError for an unexpected answer."""
        headers = {"Host": f"{request.host}:{request.port}", "Cookie": request.cookie, "Accept-Language": "nl"}
        if request.htmx:
            headers |= {"HX-Request": "true", "HX-Request-Type": "partial"}
        body = None
        if request.form is not None:
            body = urlencode(request.form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        self.connection.request("GET" if body is None else "POST", request.path, body, headers)
        response = self.connection.getresponse()
        content = response.read()
        took = time.perf_counter() - began
        if response.status not in request.expects:
            raise RuntimeError(f"{request.path} answered {response.status}: {content[:200]!r}")
        return took, content


@dataclass(frozen=True)
class Pair:
    """Medians of both sides in seconds, their 95th percentiles, and the median of the rounds' ratios."""

    ours: float
    theirs: float
    ours_p95: float
    theirs_p95: float
    ratio: float


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


Making = Callable[[int, Browser], Request]


def plainly(make: Callable[[int], Request]) -> Making:
    """Let requests be made that need no page asked for before them."""
    return lambda number, _browser: make(number)


def paired(ours: Making, theirs: Making, *, ports: tuple[int, int], each: int = EACH) -> Pair:
    """Ask both sides in turn for some rounds; the functions make the n-th request.

    What they ask of the browser for it, as a form's own page, isn't counted.
    """
    left, right = (Browser(port) for port in ports)
    for number in range(10):
        left.ask(ours(number, left))
        right.ask(theirs(number, right))
    mine: list[float] = []
    yours: list[float] = []
    ratios = []
    for round_number in range(ROUNDS):
        here, there = [], []
        for number in range(each):
            here.append(left.ask(ours(round_number * each + number, left))[0])
            there.append(right.ask(theirs(round_number * each + number, right))[0])
        ratios.append(statistics.median(here) / statistics.median(there))
        mine += here
        yours += there
    return Pair(statistics.median(mine), statistics.median(yours), _p95(mine), _p95(yours), statistics.median(ratios))


def per_second(request: Request, *, at_once: int = 8, seconds: float = 3.0) -> float:
    """Return how many answers a second come when so many ask at once."""
    counts = [0] * at_once
    until = time.perf_counter() + seconds

    def ask(place: int) -> None:
        browser = Browser(request.port)
        while time.perf_counter() < until:
            browser.ask(request)
            counts[place] += 1

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds a piece of work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def ratio_of(
    ours: Callable[[], object], theirs: Callable[[], object], *, rounds: int = 5
) -> tuple[float, float, float]:
    """Return the medians of both sides in seconds and of their ratios, measured in turn."""
    mine, yours = [], []
    for _ in range(rounds):
        mine.append(timed(ours))
        yours.append(timed(theirs))
    ratios = [left / right for left, right in zip(mine, yours, strict=True)]
    return statistics.median(mine), statistics.median(yours), statistics.median(ratios)


def peak_of(work: Callable[[], object]) -> float:
    """Return how many MiB more than before a piece of work made this process hold at its highest."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the highest so far is forgotten
    before = _status("VmRSS")
    work()
    return _status("VmHWM") - before


def _status(name: str) -> float:
    found = re.search(rf"{name}:\s*(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0.0
