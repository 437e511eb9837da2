"""Each page at 200 schools, 200,000 learners and 10 million marks, against the same page on the demo's size."""

import sys
import time
from collections.abc import Callable, Iterator

from portal.core import database
from tests.bench.growing import grow
from tests.bench.measuring import Browser, Request, paired, per_second
from tests.bench.pages import _mark_request
from tests.bench.rows import Line
from tests.bench.setting import Setting, filled, portal
from tests.conftest import use

BAR = 1.3
PARTS = ("koval", "silva", "tesf", "berg", "nguy", "demirb", "haile", "yil")
PAGES = {
    "register of 25, whole page": ("teacher", "/lessen/{lesson}/presentie"),
    "learners, a page of 50 of 5,000": ("office", "/cursisten?pagina={page}"),
    "Mijn gegevens": ("learner", "/mijn/gegevens"),
    "Vandaag": ("teacher", "/vandaag"),
    "progress of a group": ("teacher", "/groepen/{group}/niveau"),
}


def lines(setting: Setting) -> Iterator[Line]:
    """Make the large hosting, which takes minutes, and ask it and the small one in turn."""
    began = time.perf_counter()
    print("growth: making 200 schools with 10 million marks, some minutes and 8 GB", file=sys.stderr, flush=True)
    small = database.engine()
    try:
        with filled(grow) as large:
            print(f"growth: made in {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
            with portal(large):
                yield from _rows(large, setting)
    finally:
        use(setting.database)
        database.bind(small)


def _rows(large: Setting, small: Setting) -> Iterator[Line]:
    for name, (who, path) in PAGES.items():
        yield _line(name, lambda number, at, who=who, path=path: _page(at, who, path, number), large, small)  # type: ignore[misc]
    yield _line("search, one of 20,000", _search, large, small)
    rates = [(per_second(_register(small)), per_second(_register(large))) for _ in range(3)]
    ratio = sorted(less / more for less, more in rates)[1]
    yield Line("growth: register, 8 at once, answers a second", ratio, BAR, note=f"{rates[1][1]:.0f} /s")
    yield _line("one mark stored", lambda number, at: _marks(at, number, only=True), large, small)
    yield _line("25 marks stored", lambda number, at: _marks(at, number, only=False), large, small)


def _line(name: str, asked: Callable[[int, Setting], Request], large: Setting, small: Setting) -> Line:
    pair = paired(lambda number: asked(number, large), lambda number: asked(number, small))
    return Line(
        f"growth: {name}", pair.ratio, BAR, note=f"{1000 * pair.ours:.1f} ms against {1000 * pair.theirs:.1f} ms"
    )


def _page(at: Setting, who: str, path: str, number: int) -> Request:
    filled_in = path.format(lesson=at.lesson, group=at.group, page=number % 100 + 1)
    return Request(at.ports["portal"], filled_in, cookie=at.cookies[who])


def _register(at: Setting) -> Request:
    return _page(at, *PAGES["register of 25, whole page"], 0)


def _search(number: int, at: Setting) -> Request:
    path = f"/cursisten?zoek={PARTS[number % len(PARTS)]}"
    return Request(at.ports["portal"], path, "step-inburgering.localhost", at.cookies["large"], htmx=True)


def _marks(at: Setting, number: int, *, only: bool) -> Request:
    """Make the request that stores one mark or all of a register, from what the page shows at this moment."""
    register = _register(at)
    page = Browser(register.port).ask(register)[1].decode()
    return _mark_request(at, page, register.path, ("present", "absent")[number % 2], only)
