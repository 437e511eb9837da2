"""Pages against bare pages: the register, one mark, 25 marks, learners, search, my data, today, a group's progress.

Each against the same bare page as a request of the portal, which says what the page itself costs; beside it stands what
it takes against the bare page alone, and what the request alone does. See `docs/decisions/0009-bars-of-pages.md`.
"""

import gzip
import re
from collections.abc import Iterator
from functools import partial
from uuid import UUID

from sqlalchemy import text

from portal.core.audit.seals import seal_entries
from portal.core.db.scope import checkpoint
from tests.bench.measuring import EACH, Browser, Pair, Request, paired, per_second, plainly
from tests.bench.rows import Line
from tests.bench.setting import Setting, being_at

_LOOKS_IN_A_MONTH = 60


def lines(setting: Setting) -> Iterator[Line]:
    """Measure the pages."""
    yield from _reading(setting)
    yield from _marking(setting)
    yield _entering(setting)


def _ours(setting: Setting, who: str, path: str, host: str = "lest-best.localhost") -> Request:
    return Request(setting.ports["portal"], path, host, setting.cookies[who])


def _bare(setting: Setting, path: str) -> Request:
    return Request(setting.ports["bare"], path)


def _bare_in_portal(setting: Setting, who: str, path: str, host: str = "lest-best.localhost") -> Request:
    return Request(setting.ports["bare_in_portal"], f"/bench{path}", host, setting.cookies[who])


def _line(name: str, pair: Pair, bar: float, *, alone: Pair | None = None, floor: Pair | None = None) -> Line:
    note = f"{1000 * pair.ours:.1f} ms against {1000 * pair.theirs:.1f} ms"
    if alone is not None and floor is not None:
        note += f"; {alone.ratio:.2f} x bare alone, a bare page in the portal {floor.ratio:.2f}"
    return Line(name, pair.ratio, bar, note=note)


def _three(name: str, ours: Request, in_portal: Request, bare: Request, bar: float) -> tuple[Line, Pair]:
    """Return the line of a page, and how it stands against the bare page alone."""
    alone = _beside(ours, bare)
    return _line(name, _beside(ours, in_portal), bar, alone=alone, floor=_beside(in_portal, bare)), alone


def _reading(setting: Setting) -> Iterator[Line]:
    path = f"/register?school={setting.school}&lesson={setting.lesson}"
    ours, bare = _ours(setting, "teacher", f"/lessen/{setting.lesson}/presentie"), _bare(setting, path)
    in_portal = _bare_in_portal(setting, "teacher", path)
    hello = _beside(bare, _bare(setting, "/hello"))
    yield Line("bare register ÷ hello", hello.ratio, 8)
    line, alone = _three("register of 25, whole page", ours, in_portal, bare, 1.75)
    yield line
    yield Line("register ÷ bare alone; the fastest peer takes 4.1", alone.ratio, 2.7)
    body = Browser(ours.port).ask(ours)[1]
    yield Line("register, gzipped", len(gzip.compress(body)) / 1024, 8, "KB")
    rates = [(per_second(ours), per_second(in_portal), per_second(bare)) for _ in range(3)]
    within, without = (sorted(rate[0] / rate[place] for rate in rates)[1] for place in (1, 2))
    note = f"{rates[1][0]:.0f} /s"
    yield Line("register, 8 at once, answers a second", within, 0.5, at_least=True, note=note)
    yield Line("the same ÷ bare alone; the fastest peer gives 0.24", without, 0.24, at_least=True)
    pages = {
        "learners, first page of 50 of 5,000": ("office", "/cursisten", f"/learners?school={setting.school}", 1.75),
        "Mijn gegevens": (
            "learner",
            "/mijn/gegevens",
            f"/record?school={setting.school}&learner={setting.reader}",
            2,
        ),
        "Vandaag": ("teacher", "/vandaag", f"/today?school={setting.school}&group={setting.group}", 2),
        "progress of a group": (
            "teacher",
            f"/groepen/{setting.group}/niveau",
            f"/levels?school={setting.school}&group={setting.group}",
            2,
        ),
        "a learner's page": (
            "coach",
            f"/cursisten/{setting.reader}",
            f"/story?school={setting.school}&learner={setting.reader}",
            2.5,
        ),
        "the coach's list of forty": (
            "coach",
            "/mijn/cursisten",
            f"/coached?school={setting.school}&coach={setting.coach}",
            2,
        ),
        "matrix of a group, 25 by 37": (
            "teacher",
            f"/groepen/{setting.group}/presentie/lessen",
            f"/matrix?school={setting.school}&group={setting.group}",
            2.5,
        ),
        "a teacher's week": ("teacher", "/mijn/week", f"/week?school={setting.school}&group={setting.group}", 2.5),
        "the school in figures": ("office", "/school", f"/figures?school={setting.school}", 2.5),
        "the school's week by teacher": ("office", "/rooster", f"/week_of_school?school={setting.school}", 2.5),
    }
    looking = _ours(setting, "office", f"/cursisten/{setting.reader}")
    for _ in range(_LOOKS_IN_A_MONTH):
        Browser(looking.port).ask(looking)
    _seal(setting)
    for name, (who, path, other, bar) in pages.items():
        in_portal = _bare_in_portal(setting, who, other)
        yield _three(name, _ours(setting, who, path), in_portal, _bare(setting, other), bar)[0]
    yield from _searching(setting)


def _seal(setting: Setting) -> None:
    """Seal the entries of the log that the pages so far added, as a worker does."""
    with being_at(setting):
        while seal_entries():
            checkpoint()


def _searching(setting: Setting) -> Iterator[Line]:
    parts = ("koval", "silva", "tesf", "berg", "nguy", "demirb", "haile", "yil")
    host = "step-inburgering.localhost"

    def ours(number: int) -> Request:
        path = f"/cursisten?zoek={parts[number % len(parts)]}"
        request = _ours(setting, "large", path, host)
        return Request(request.port, request.path, request.host, request.cookie, htmx=True)

    def in_portal(number: int) -> Request:
        return _bare_in_portal(setting, "large", f"/search?part={parts[number % len(parts)]}", host)

    def bare(number: int) -> Request:
        return _bare(setting, f"/search?school={setting.large}&part={parts[number % len(parts)]}")

    pair = paired(plainly(ours), plainly(in_portal), ports=_ports(setting, "portal", "bare_in_portal"))
    alone = paired(plainly(ours), plainly(bare), ports=_ports(setting, "portal", "bare"))
    floor = paired(plainly(in_portal), plainly(bare), ports=_ports(setting, "bare_in_portal", "bare"))
    yield _line("search as you type, one of 20,000", pair, 1.75, alone=alone, floor=floor)
    yield Line("search, p95 against bare's p95", alone.ours_p95 / alone.theirs_p95, 2)


def _marking(setting: Setting) -> Iterator[Line]:
    address = f"/lessen/{setting.lesson}/presentie"
    bare_page = _bare(setting, f"/register?school={setting.school}&lesson={setting.bare_lesson}")
    choices = ("present", "absent")

    def bare(number: int, browser: Browser, count: int) -> Request:
        _emptied(setting, setting.bare_lesson)
        browser.ask(bare_page)
        return Request(setting.ports["bare"], "/mark" if count == 1 else "/marks", form=fields(number, count))

    def in_portal(number: int, browser: Browser, count: int) -> Request:
        _emptied(setting, setting.bare_lesson)
        page = f"/register?school={setting.school}&lesson={setting.bare_lesson}"
        browser.ask(_bare_in_portal(setting, "teacher", page))
        request = _bare_in_portal(setting, "teacher", "/mark" if count == 1 else "/marks")
        form = (("csrf_token", setting.tokens["teacher"]), *fields(number, count))
        return Request(request.port, request.path, request.host, request.cookie, form)

    def fields(number: int, count: int) -> tuple[tuple[str, str], ...]:
        learners = tuple(("learner", str(key)) for key in setting.learners[25 : 25 + count])
        fixed = (("school", str(setting.school)), ("lesson", str(setting.bare_lesson)), ("status", choices[number % 2]))
        return (*fixed, *learners)

    def ours(number: int, browser: Browser, count: int) -> Request:
        _emptied(setting, setting.lesson)
        page = browser.ask(_ours(setting, "teacher", address))[1].decode()
        return _mark_request(setting, page, address, choices[number % 2], count == 1)

    def line(name: str, count: int, each: int) -> Line:
        """Measure storing so many marks."""
        sides = {"portal": ours, "bare_in_portal": in_portal, "bare": bare}

        def pair(one: str, other: str) -> Pair:
            left, right = (partial(sides[side], count=count) for side in (one, other))
            return paired(left, right, ports=_ports(setting, one, other), each=each)

        alone, floor = pair("portal", "bare"), pair("bare_in_portal", "bare")
        return _line(name, pair("portal", "bare_in_portal"), 1.75, alone=alone, floor=floor)

    yield line("one mark stored (htmx)", 1, EACH)
    browser = Browser(setting.ports["portal"])
    yield Line("answer to one mark", len(browser.ask(ours(1, browser, 1))[1]) / 1024, 2, "KB")
    yield line("25 marks stored", 25, 15)


def _entering(setting: Setting) -> Line:
    """Measure storing one level where the day holds none yet."""
    learner, rungs = str(setting.learners[0]), ("A1", "A2")

    def ours(number: int, _browser: Browser) -> Request:
        _without_levels(setting)
        values = (("cursist", learner), (f"s.{learner}", rungs[number % 2]), (f"v.{learner}", "0."))
        request = _ours(setting, "teacher", f"/groepen/{setting.group}/niveau/invullen?wat=lezen")
        form = (("csrf_token", setting.tokens["teacher"]), *values)
        return Request(request.port, request.path, request.host, request.cookie, form, htmx=True)

    def fields(number: int) -> tuple[tuple[str, str], ...]:
        _without_levels(setting)
        return (("school", str(setting.school)), ("learner", learner), ("level", rungs[number % 2]))

    def bare(number: int, _browser: Browser) -> Request:
        return Request(setting.ports["bare"], "/level", form=fields(number))

    def in_portal(number: int, _browser: Browser) -> Request:
        request = _bare_in_portal(setting, "teacher", "/level")
        form = (("csrf_token", setting.tokens["teacher"]), *fields(number))
        return Request(request.port, request.path, request.host, request.cookie, form)

    pair = paired(ours, in_portal, ports=_ports(setting, "portal", "bare_in_portal"), each=EACH)
    alone = paired(ours, bare, ports=_ports(setting, "portal", "bare"), each=EACH)
    floor = paired(in_portal, bare, ports=_ports(setting, "bare_in_portal", "bare"), each=EACH)
    return _line("one level stored (htmx)", pair, 1.75, alone=alone, floor=floor)


def _without_levels(setting: Setting) -> None:
    """Take away what was found today."""
    with setting.engine.begin() as connection:
        connection.execute(text("select set_config('portal.school', :school, true)"), {"school": str(setting.school)})
        connection.execute(text("delete from level where found_on = current_date"))


def _ports(setting: Setting, one: str, other: str) -> tuple[int, int]:
    return setting.ports[one], setting.ports[other]


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
