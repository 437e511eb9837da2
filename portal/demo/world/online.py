"""Who of the learners signs in, who does so for somebody else, and what they said yes to."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from portal.accounts.models import Account, Membership
from portal.core.db.base import new_id
from portal.demo.bulk import Row, store
from portal.demo.world.plan import World
from portal.permissions import Role
from portal.purposes.models import Consent
from portal.representation.models import Representative, RepresentativeKind

LEARNER = "cursist"
REPRESENTATIVE = "ouder"
_ONLINE = 0.7


def address(world: World, local: str) -> str:
    """The e-mail address with which somebody of this school signs in."""
    return f"{local}@{world.plan.slug}.example"


def give_accounts(world: World, password_hash: str) -> dict[UUID, UUID]:
    """Make the accounts: account by learner. The first learner is always online, a child never by herself."""
    online = [
        at for at in range(len(world.people)) if not world.is_child(at) and (at == 0 or world.random.random() < _ONLINE)
    ]
    accounts = {world.ids[at]: new_id() for at in online}
    rows = [
        {
            "id": accounts[world.ids[at]],
            "name": f"{world.people[at].given_name} {world.people[at].family_name}",
            "email": address(world, LEARNER) if at == 0 else world.people[at].email,
            "password_hash": password_hash,
            "language": "nl",
        }
        for at in online
    ]
    store(Account, rows)
    since = world.today - timedelta(days=80)
    store(Membership, [{"account_id": row["id"], "role": Role.LEARNER, "starts_on": since} for row in rows])
    return accounts


def fill(world: World, password_hash: str) -> None:
    """Make representatives and the consents; the learners are there already."""
    _add_representatives(world, password_hash)
    store(Consent, [consent for at in range(len(world.people)) for consent in _consents(world, at)])


def _represented(world: World) -> list[int]:
    """Every child, whose parent decides for it; where there are none, the second learner, who authorised somebody."""
    return [at for at in range(len(world.people)) if world.is_child(at)] or [1]


def _name_of_representative(world: World, at: int) -> str:
    return f"Samira {world.people[at].family_name}"


def _add_representatives(world: World, password_hash: str) -> None:
    """One for each who is represented; the last of them signs in."""
    represented = _represented(world)
    account = {
        "id": new_id(),
        "name": _name_of_representative(world, represented[-1]),
        "email": address(world, REPRESENTATIVE),
        "password_hash": password_hash,
        "language": "nl",
    }
    starts_on = world.today - timedelta(days=80)
    store(Account, [account])
    store(Membership, [{"account_id": account["id"], "role": Role.REPRESENTATIVE, "starts_on": starts_on}])
    rows = [
        {
            "learner_id": world.ids[at],
            "account_id": account["id"] if at == represented[-1] else None,
            "kind": RepresentativeKind.PARENT if world.is_child(at) else RepresentativeKind.AUTHORISED,
            "name": _name_of_representative(world, at),
            "email": account["email"] if at == represented[-1] else world.people[at].email,
            "proof": "Identiteitsbewijs gezien, machtiging op papier",
            "starts_on": starts_on,
            "ends_on": world.today + timedelta(days=300),
            "recorded_by": world.of(Role.ADMINISTRATION)[0].id,
            "recorded_at": datetime.combine(starts_on, time(11), UTC),
        }
        for at in represented
    ]
    store(Representative, rows)


def _consents(world: World, at: int) -> list[Row]:
    person = world.people[at]
    is_child = world.is_child(at)
    name = _name_of_representative(world, at) if is_child else f"{person.given_name} {person.family_name}"
    given_at = datetime.combine(world.today - timedelta(days=70 - at % 40), time(9 + at % 8), UTC)
    rows = []
    for key in sorted(world.consents[at]):
        question = world.policy.purpose(key).question
        if question is not None:
            shown = world.policy.text(question, "nl")
            rows.append(
                {
                    "learner_id": world.ids[at],
                    "purpose": key,
                    "given_at": given_at,
                    "given_by_name": name,
                    "is_by_representative": is_child,
                    "statement_version_id": world.policy_version_id,
                    "language": "nl",
                    "text_shown": str(shown),
                }
            )
    return rows
