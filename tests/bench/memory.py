"""What one web process holds after thousands of requests of every kind, and whether it goes on growing."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count

import psutil

from tests.bench.measuring import Browser, Request
from tests.bench.pages import _mark_request
from tests.bench.rows import Line
from tests.bench.setting import Setting, serving

REQUESTS = 10_000
AT_ONCE = 4
_SERVER = ("python", "-m", "tests.bench.as_installed", "serve", "--processes", "1", "--no-access-log")
GROWTH = 3.0  # MB in the second half: a process that kept 1 KB of each request would gain 5
PARTS = ("koval", "silva", "tesf", "berg", "nguy", "demirb", "haile", "yil")

Asking = Callable[[Browser, int, int], None]


def lines(setting: Setting) -> Iterator[Line]:
    """Ask a server of one process for everything in turn; what it holds half-way is compared with the end."""
    with serving(setting, "alone", *_SERVER) as server:
        kinds = _kinds(setting, setting.ports["alone"])
        _ask(setting.ports["alone"], kinds, 200)
        fresh = _held(server.pid)
        _ask(setting.ports["alone"], kinds, REQUESTS // 2)
        half = _held(server.pid)
        _ask(setting.ports["alone"], kinds, REQUESTS // 2)
        whole = _held(server.pid)
    note = f"{fresh:.0f} MB after 200, {half:.1f} MB after {REQUESTS // 2}"
    yield Line(f"web process after {REQUESTS} requests", whole, 170, "MB", note=note)
    yield Line("web process, growth over the last 5000", whole - half, GROWTH, "MB")


def _held(parent: int) -> float:
    """Return what the largest process under the server holds, in MiB; the server's own process answers nobody."""
    return max(child.memory_info().rss for child in psutil.Process(parent).children(recursive=True)) / 2**20


def _kinds(setting: Setting, port: int) -> list[Asking]:
    """Return a function for each kind of request: given a browser, which of them it is, and the request's number."""
    register = f"/lessen/{setting.lesson}/presentie"

    def page(who: str, path: str, host: str = "lest-best.localhost", *, htmx: bool = False) -> Request:
        return Request(port, path, host, setting.cookies[who], htmx=htmx)

    def mark(browser: Browser, place: int, number: int) -> None:
        content = browser.ask(page("teacher", register))[1].decode()
        own = replace(setting, learners=setting.learners[place:], ports={"portal": port})
        browser.ask(_mark_request(own, content, register, ("present", "absent")[number % 2], True))

    def get(request_of: Callable[[int], Request]) -> Asking:
        def ask(browser: Browser, _place: int, number: int) -> None:
            browser.ask(request_of(number))

        return ask

    return [
        get(lambda _: page("teacher", register)),
        get(lambda number: page("office", f"/cursisten?pagina={number % 100 + 1}")),
        get(
            lambda number: page(
                "large", f"/cursisten?zoek={PARTS[number % len(PARTS)]}", "step-inburgering.localhost", htmx=True
            )
        ),
        get(lambda number: page("office", f"/cursisten/{setting.learners[number % len(setting.learners)]}")),
        get(lambda _: page("learner", "/mijn/gegevens")),
        get(lambda _: page("teacher", "/vandaag")),
        get(lambda _: page("teacher", f"/groepen/{setting.group}/niveau")),
        mark,
    ]


def _ask(port: int, kinds: list[Asking], times: int) -> None:
    """Let some browsers ask at once, each kind in turn; raises what the first of them met."""
    numbers = count()
    met: list[Exception] = []

    def ask(place: int) -> None:
        browser = Browser(port)
        while not met and (number := next(numbers)) < times:
            try:
                kinds[number % len(kinds)](browser, place, number // len(kinds))
            except Exception as error:  # noqa: BLE001 - raised below, in the thread that waits
                met.append(error)

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if met:
        raise met[0]
