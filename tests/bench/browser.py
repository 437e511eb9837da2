"""The register on a mid-range phone over slow 3G: how soon it can be used, and how much comes over the wire."""

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from tests.bench.rows import Line
from tests.bench.setting import Setting
from tests.journeys.conftest import CHROMIUM

ROUNDS = 5
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
SLOWER = 4  # a mid-range phone against this machine, as Chromium throttles it
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 3, "is_mobile": True, "has_touch": True}
USABLE = """() => new Promise(done => {
  const known = () => {
    const paint = performance.getEntriesByName('first-contentful-paint')[0]
    const page = performance.getEntriesByType('navigation')[0]
    if (paint && page.domContentLoadedEventEnd) done(Math.max(paint.startTime, page.domContentLoadedEventEnd))
    else setTimeout(known, 50)
  }
  known()
})"""


@dataclass(frozen=True)
class Visit:
    """A page as the phone got it: seconds until it was painted and its scripts had run; bytes with all it asked for."""

    seconds: float
    parts: dict[str, int]

    @property
    def kilobytes(self) -> float:
        """Everything that came over the wire for it, headers too."""
        return sum(self.parts.values()) / 1024


class _Traffic:
    """Adds up what comes over the wire, by address; what comes out of the browser's store counts nothing."""

    def __init__(self, devtools: CDPSession) -> None:
        self.parts: dict[str, int] = {}
        self._addresses: dict[str, str] = {}
        devtools.on("Network.requestWillBeSent", self._asked)
        devtools.on("Network.loadingFinished", self._came)

    def _asked(self, event: dict[str, dict[str, str]]) -> None:
        self._addresses[str(event["requestId"])] = event["request"]["url"].partition("?")[0].rpartition("/")[2]

    def _came(self, event: dict[str, float]) -> None:
        name = self._addresses.get(str(event["requestId"]), "?")
        if event["encodedDataLength"]:
            self.parts[name] = self.parts.get(name, 0) + int(event["encodedDataLength"])


def lines(setting: Setting) -> Iterator[Line]:
    """Visit a register first with an empty store, then after another page, and say what weighs most."""
    register = _url(setting, f"/lessen/{setting.lesson}/presentie")
    first, later = [], []
    with _chromium() as chromium:
        for _ in range(ROUNDS):
            with _phone(chromium, setting) as (page, wire):
                first.append(_visit(page, wire, register))
                _visit(page, wire, _url(setting, "/vandaag"))
                later.append(_visit(page, wire, register))
    for name, visits, most in (("first visit", first, 60), ("a later page", later, 15)):
        seconds = statistics.median(visit.seconds for visit in visits)
        heaviest = sorted(visits[-1].parts.items(), key=lambda part: -part[1])[:4]
        note = ", ".join(f"{part} {size / 1024:.1f}" for part, size in heaviest)
        yield Line(f"browser, slow 3G, {name}: usable", seconds, 3, "s")
        yield Line(f"browser, slow 3G, {name}: weight", max(visit.kilobytes for visit in visits), most, "KB", note=note)


def _url(setting: Setting, path: str) -> str:
    return f"http://lest-best.localhost:{setting.ports['portal']}{path}"


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def _phone(chromium: Browser, setting: Setting) -> Iterator[tuple[Page, _Traffic]]:
    """A phone with an empty store on which the teacher is signed in."""
    context: BrowserContext = chromium.new_context(locale="nl-NL", **PHONE)  # type: ignore[arg-type]
    try:
        name, _, value = setting.cookies["teacher"].partition("=")
        address = "https://lest-best.localhost/"
        context.add_cookies([{"name": name, "value": value, "url": address, "secure": True}])
        page = context.new_page()
        devtools = context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.send("Network.emulateNetworkConditions", SLOW_3G)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        yield page, _Traffic(devtools)
    finally:
        context.close()


def _visit(page: Page, wire: _Traffic, address: str) -> Visit:
    wire.parts = {}
    page.goto(address, wait_until="load")
    milliseconds = float(page.evaluate(USABLE))
    page.wait_for_load_state("networkidle")
    return Visit(milliseconds / 1000, dict(wire.parts))
