"""Pages against bare pages: the register, one mark, 25 marks, learners, search, my data, today, a group's progress."""

import gzip
import re
from collections.abc import Iterator
from functools import partial
from uuid import UUID

from sqlalchemy import text

from tests.bench.measuring import Browser, Pair, Request, paired, per_second, plainly
from tests.bench.rows import Line
from tests.bench.setting import Setting


def lines(setting: Setting) -> Iterator[Line]:
    """Measure the pages."""
    yield from _reading(setting)
    yield from _marking(setting)


def _ours(setting: Setting, who: str, path: str, host: str = "lest-best.localhost") -> Request:
    return Request(setting.ports["portal"], path, host, setting.cookies[who])


def _bare(setting: Setting, path: str) -> Request:
    return Request(setting.ports["bare"], path)


def _line(name: str, pair: Pair, bar: float) -> Line:
    return Line(name, pair.ratio, bar, note=f"{1000 * pair.ours:.1f} ms against {1000 * pair.theirs:.1f} ms")


def _reading(setting: Setting) -> Iterator[Line]:
    register = f"/lessen/{setting.lesson}/presentie"
    bare_register = f"/register?school={setting.school}&lesson={setting.lesson}"
    ours, bare = _ours(setting, "teacher", register), _bare(setting, bare_register)
    hello = _beside(bare, _bare(setting, "/hello"))
    yield Line("bare register ÷ hello", hello.ratio, 8)
    yield _line("register of 25, whole page", _beside(ours, bare), 1.75)
    body = Browser(ours.port).ask(ours)[1]
    yield Line("register, gzipped", len(gzip.compress(body)) / 1024, 8, "KB")
    rates = [(per_second(ours), per_second(bare)) for _ in range(3)]
    ratio = sorted(left / right for left, right in rates)[1]
    yield Line("register, 8 at once, answers a second", ratio, 0.5, at_least=True, note=f"{rates[1][0]:.0f} /s")
    pages = {
        "learners, first page of 50 of 5,000": ("office", "/cursisten", f"/learners?school={setting.school}", 1.75),
        "Mijn gegevens": (
            "learner",
            "/mijn/gegevens",
            f"/record?school={setting.school}&learner={setting.learners[0]}",
            2,
        ),
        "Vandaag": ("teacher", "/vandaag", f"/today?school={setting.school}&group={setting.group}", 2),
        "progress of a group": (
            "teacher",
            f"/groepen/{setting.group}/niveau",
            f"/levels?school={setting.school}&group={setting.group}",
            2,
        ),
    }
    for name, (who, path, other, bar) in pages.items():
        yield _line(name, _beside(_ours(setting, who, path), _bare(setting, other)), bar)
    yield from _searching(setting)


def _searching(setting: Setting) -> Iterator[Line]:
    parts = ("koval", "silva", "tesf", "berg", "nguy", "demirb", "haile", "yil")

    def ours(number: int) -> Request:
        path = f"/cursisten?zoek={parts[number % len(parts)]}"
        request = _ours(setting, "large", path, "step-inburgering.localhost")
        return Request(request.port, request.path, request.host, request.cookie, htmx=True)

    def theirs(number: int) -> Request:
        return _bare(setting, f"/search?school={setting.large}&part={parts[number % len(parts)]}")

    pair = paired(plainly(ours), plainly(theirs), ports=_ports(setting))
    yield _line("search as you type, one of 20,000", pair, 1.75)
    yield Line("search, p95 against bare's p95", pair.ours_p95 / pair.theirs_p95, 2)


def _marking(setting: Setting) -> Iterator[Line]:
    address = f"/lessen/{setting.lesson}/presentie"
    bare_page = _bare(setting, f"/register?school={setting.school}&lesson={setting.bare_lesson}")
    choices = ("present", "absent")

    def bare(number: int, browser: Browser, count: int) -> Request:
        _emptied(setting, setting.bare_lesson)
        browser.ask(bare_page)
        learners = tuple(("learner", str(key)) for key in setting.learners[25 : 25 + count])
        fixed = (("school", str(setting.school)), ("lesson", str(setting.bare_lesson)), ("status", choices[number % 2]))
        return Request(setting.ports["bare"], "/mark" if count == 1 else "/marks", form=(*fixed, *learners))

    def ours(number: int, browser: Browser, only: bool) -> Request:
        _emptied(setting, setting.lesson)
        page = browser.ask(_ours(setting, "teacher", address))[1].decode()
        return _mark_request(setting, page, address, choices[number % 2], only)

    one = paired(partial(ours, only=True), partial(bare, count=1), ports=_ports(setting))
    yield _line("one mark stored (htmx)", one, 1.75)
    browser = Browser(setting.ports["portal"])
    yield Line("answer to one mark", len(browser.ask(ours(1, browser, True))[1]) / 1024, 2, "KB")
    many = paired(partial(ours, only=False), partial(bare, count=25), ports=_ports(setting), each=15)
    yield _line("25 marks stored", many, 1.75)


def _ports(setting: Setting) -> tuple[int, int]:
    return setting.ports["portal"], setting.ports["bare"]


def _beside(ours: Request, theirs: Request) -> Pair:
    return paired(plainly(lambda _: ours), plainly(lambda _: theirs), ports=(ours.port, theirs.port))


def _emptied(setting: Setting, lesson: UUID | None) -> None:
    """Take the marks of a lesson away: what is measured is filling in a register that is open."""
    with setting.engine.begin() as connection:
        connection.execute(text("select set_config('portal.school', :school, true)"), {"school": str(setting.school)})
        connection.execute(text("delete from attendance_mark where lesson_id = :lesson"), {"lesson": lesson})


def _mark_request(setting: Setting, page: str, address: str, status: str, only: bool) -> Request:
    """Make the request that a tap, or the whole form, would send, from the inputs that stand in the page."""
    seen = dict(re.findall(r'name="v\.([0-9a-f-]{36})" value="([^"]*)"', page))
    keys = [str(setting.learners[0])] if only else list(seen)
    form: list[tuple[str, str]] = [("csrf_token", setting.tokens["teacher"])]
    for key in keys:
        form += [(f"v.{key}", seen[key]), (f"s.{key}", status)]
    if only:
        form.append(("cursist", keys[0]))
    request = _ours(setting, "teacher", address)
    return Request(request.port, address, request.host, request.cookie, tuple(form), htmx=only, expects=(200, 303))
