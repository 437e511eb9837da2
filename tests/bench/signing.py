"""Signing in against what the hash alone allows."""

import re
import threading
import time
from collections.abc import Callable, Iterator

from portal.accounts.passwords.services import hash_password
from portal.core.db.scope import in_school
from portal.core.db.session import session
from tests.bench.measuring import Browser, Request
from tests.bench.rows import Line
from tests.bench.setting import Setting
from tests.signing_in import make_account

PASSWORD = "koffie-fiets-regenboog-41"
AT_ONCE = 4
SECONDS = 4.0


def _rate(work: Callable[[int], object]) -> float:
    counts = [0] * AT_ONCE
    until = time.perf_counter() + SECONDS

    def repeat(place: int) -> None:
        while time.perf_counter() < until:
            work(place)
            counts[place] += 1

    threads = [threading.Thread(target=repeat, args=(place,)) for place in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


def sign_in_request(setting: Setting) -> Request:
    """Make an account with a password, and return the request that signs it in; its form came from the server."""
    with in_school(setting.school):
        account = make_account("Bench", "learner", "teacher")
        account.password_hash = hash_password(PASSWORD)
        email = account.email or ""
        session.flush()
    page = Browser(setting.ports["portal"]).connection
    page.request("GET", "/aanmelden", headers={"Host": f"lest-best.localhost:{setting.ports['portal']}"})
    answer = page.getresponse()
    cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.read().decode())
    token = found.group(1) if found else ""
    form = (("csrf_token", token), ("name", email), ("password", PASSWORD))
    return Request(setting.ports["portal"], "/aanmelden", cookie=cookie, form=form, expects=(303,))


def lines(setting: Setting) -> Iterator[Line]:
    """Measure sign-ins a second with the hash that is in use."""
    request = sign_in_request(setting)
    browsers = [Browser(request.port) for _ in range(AT_ONCE)]
    rates = []
    for _ in range(3):
        hashing = _rate(lambda _place: hash_password(PASSWORD))
        signing = _rate(lambda place: browsers[place].ask(request))
        rates.append((signing / hashing, signing))
    ratio, rate = sorted(rates)[1]
    yield Line("sign-ins against the hash alone", ratio, 0.8, at_least=True, note=f"{rate:.0f} /s")
