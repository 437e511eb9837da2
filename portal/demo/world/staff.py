"""Who works at a school: one teacher for every eight groups or so, and one or two of each other role."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from portal.accounts.models import Account, Membership
from portal.accounts.second_factor.services import seal_secret
from portal.core.db.base import new_id
from portal.demo.bulk import Row, store
from portal.demo.names import STAFF
from portal.demo.people import plain
from portal.demo.world.plan import Colleague, SchoolPlan, World
from portal.permissions import Role

FIRST = {
    Role.TEACHER: "docent",
    Role.COACH: "begeleiding",
    Role.ADMINISTRATION: "administratie",
    Role.PRIVACY_OFFICER: "privacy",
    Role.PRIVACY_STAFF: "privacymedewerker",
    Role.MANAGEMENT: "directie",
}
_LEARNERS_PER_TEACHER = 125


_HELPS_WITH = {
    Role.ADMINISTRATION: "Inschrijven, adres wijzigen, een nieuwe brief met een code",
    Role.COACH: "Uw traject, afspraken, hulp bij leren",
    Role.PRIVACY_OFFICER: "Vragen over uw gegevens",
}


def totp_secret(plan: SchoolPlan, role: Role) -> str:
    """The secret of the first account of a role: made up from the names, the same at every start."""
    digest = hashlib.sha256(f"{plan.slug} {role}".encode()).digest()
    return base64.b32encode(digest[:20]).decode()


def fill(world: World, password_hash: str) -> None:
    """Make the accounts of the staff, with a second factor for each role that needs one."""
    teachers = 4 + len(world.people) // _LEARNERS_PER_TEACHER
    others = [Role.PRIVACY_OFFICER, Role.MANAGEMENT, Role.PRIVACY_STAFF]
    wanted = [Role.TEACHER] * teachers + [Role.COACH, Role.ADMINISTRATION] * 2 + others
    since = datetime.combine(world.today, datetime.min.time(), UTC) - timedelta(weeks=30)
    names = _names(world, len(wanted))
    accounts: list[Row] = []
    roles: list[dict[str, Any]] = []
    for name, role in zip(names, wanted, strict=True):
        local = plain(name) if world.of(role) else FIRST[role]
        shown = totp_secret(world.plan, role)
        secret = seal_secret(shown) if role in world.plan.second_factor else None
        colleague = Colleague(new_id(), name, f"{local}@{world.plan.slug}.example", role)
        world.colleagues.append(colleague)
        accounts.append(
            {
                "id": colleague.id,
                "name": name,
                "email": colleague.email,
                "password_hash": password_hash,
                "password_changed_at": since,
                "totp_secret": secret,
                "totp_since": since if secret else None,
                "language": "nl",
                "helps_with": _HELPS_WITH.get(role) if local == FIRST[role] else None,
            }
        )
        roles.append({"account_id": colleague.id, "role": role, "starts_on": since.date()})
    store(Account, accounts)
    store(Membership, roles)


def _names(world: World, count: int) -> list[str]:
    """Names of colleagues, no two alike: those of the list first, then given and family names of it crossed."""
    start = world.random.randrange(len(STAFF))
    names = [*STAFF[start:], *STAFF[:start]]
    crossed = (f"{a.split()[0]} {b.partition(' ')[2]}" for a in STAFF for b in STAFF if a != b)
    return [*names, *(name for name in crossed if name not in names)][:count]
