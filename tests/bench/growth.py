"""Each page at 200 schools, 200,000 learners and 10 million marks, against the same page on the demo's size."""

import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median

from sqlalchemy import create_engine, func, make_url, select

from portal.attendance.models import AttendanceMark
from portal.core.db import session as database
from portal.disclosures.models import FileFormat
from portal.learners.record.models import Learner
from portal.schools.models import School
from tests.bench.files import make_file
from tests.bench.growing import grow
from tests.bench.measuring import Browser, Request, paired, per_second, plainly, timed
from tests.bench.pages import _mark_request
from tests.bench.rows import Line
from tests.bench.setting import Setting, being_at, filled, portal
from tests.bench.signing import sign_in_request
from tests.bench.work import CLICKS, through_the_table, withdraw, working
from tests.bench.workbooks import import_all, made
from tests.conftest import use

BAR = 1.3
PARTS = ("koval", "silva", "tesf", "berg", "nguy", "demirb", "haile", "yil")
PAGES = {
    "register of 25, whole page": ("teacher", "/lessen/{lesson}/presentie"),
    "learners, a page of 50 of 5,000": ("office", "/cursisten?pagina={page}"),
    "Mijn gegevens": ("learner", "/mijn/gegevens"),
    "Vandaag": ("teacher", "/vandaag"),
    "progress of a group": ("teacher", "/groepen/{group}/niveau"),
    "a learner's page": ("coach", "/cursisten/{learner}"),
    "the coach's list of forty": ("coach", "/mijn/cursisten"),
    "matrix of a group": ("teacher", "/groepen/{group}/presentie/lessen"),
    "a teacher's week": ("teacher", "/mijn/week"),
    "the school's week by teacher": ("office", "/rooster"),
    "the school in figures": ("office", "/school"),
}


def lines(setting: Setting) -> Iterator[Line]:
    """Make the large hosting, which takes minutes, and ask it and the small one in turn."""
    began = time.perf_counter()
    print("growth: making 200 schools with 10 million marks, some minutes and 8 GB", file=sys.stderr, flush=True)
    try:
        with filled(grow) as large:
            print(f"growth: made {_size(large)} in {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
            with portal(large):
                yield from _pages(large, setting)
                yield from _work(large, setting)
    finally:
        use(setting.database)
        database.bind(setting.engine)


def _size(at: Setting) -> str:
    """Count what is there, past row-level security."""
    with create_engine(make_url(at.database.owner_url).set(username="postgres")).connect() as connection:
        counts = [
            f"{connection.scalar(select(func.count()).select_from(model))} {model.__tablename__}s"
            for model in (School, Learner, AttendanceMark)
        ]
    return ", ".join(counts)


def _pages(large: Setting, small: Setting) -> Iterator[Line]:
    for name, (who, path) in PAGES.items():
        yield _line(name, lambda number, at, who=who, path=path: _page(at, who, path, number), large, small)  # type: ignore[misc]
    yield _line("search, one of 20,000", _search, large, small)
    rates = [(per_second(_register(small)), per_second(_register(large))) for _ in range(5)]
    ratio = sorted(less / more for less, more in rates)[2]
    yield Line(
        "growth: register, 8 at once, answers a second", ratio, BAR, note=f"{median(more for _, more in rates):.0f} /s"
    )
    yield _line("one mark stored", lambda number, at: _marks(at, number, only=True), large, small)
    yield _line("25 marks stored", lambda number, at: _marks(at, number, only=False), large, small)
    requests = {}
    for at in (large, small):
        with being_at(at):
            requests[at.ports["portal"]] = sign_in_request(at)
    yield _line("sign-in", lambda _, at: requests[at.ports["portal"]], large, small)


def _work(large: Setting, small: Setting) -> Iterator[Line]:
    """Files, a workbook and the worker: what a process of its own does, in each hosting in turn."""
    data = made()
    yield _turns("file as CSV", lambda _: make_file(FileFormat.CSV), large, small)
    yield _turns("file as .xlsx", lambda _: make_file(FileFormat.XLSX), large, small, rounds=3)
    yield _turns("workbook of 10,000 rows", lambda _: import_all(data), large, small, rounds=3)
    clicks, seconds = {}, {}
    for name, at in (("small", small), ("large", large)):
        with being_at(at), working():
            withdraw(at, at.learners[300])
            clicks[name] = median(withdraw(at, key) for key in at.learners[301 : 301 + CLICKS])
            seconds[name] = 1 / median(through_the_table(at) for _ in range(3))
    yield _ratio("withdrawal, click to done", clicks["large"], clicks["small"])
    yield _ratio("no-op job", seconds["large"], seconds["small"])


def _turns(name: str, work: Callable[[Setting], object], large: Setting, small: Setting, *, rounds: int = 5) -> Line:
    def at(setting: Setting) -> float:
        with being_at(setting):
            return timed(lambda: work(setting))

    more, less = zip(*((at(large), at(small)) for _ in range(rounds)), strict=True)
    return _ratio(name, median(more), median(less))


def _ratio(name: str, large: float, small: float) -> Line:
    return Line(f"growth: {name}", large / small, BAR, note=f"{1000 * large:.1f} ms against {1000 * small:.1f} ms")


def _asked_at(asked: Callable[[int, Setting], Request], at: Setting, number: int) -> Request:
    return asked(number, at)


def _line(name: str, asked: Callable[[int, Setting], Request], large: Setting, small: Setting) -> Line:
    made = (plainly(partial(_asked_at, asked, at)) for at in (large, small))
    pair = paired(*made, ports=(large.ports["portal"], small.ports["portal"]))
    return Line(
        f"growth: {name}", pair.ratio, BAR, note=f"{1000 * pair.ours:.1f} ms against {1000 * pair.theirs:.1f} ms"
    )


def _page(at: Setting, who: str, path: str, number: int) -> Request:
    filled_in = path.format(lesson=at.lesson, group=at.group, learner=at.reader, page=number % 100 + 1)
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
