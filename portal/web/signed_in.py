"""Who holds a session, with roles and the records within reach: one statement."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    Date,
    DateTime,
    LargeBinary,
    Row,
    ScalarSelect,
    Select,
    Uuid,
    bindparam,
    exists,
    func,
    not_,
    or_,
    select,
)

from portal.accounts.actors import actor_of
from portal.accounts.models import Account, AccountSession, ConfidentialityAcceptance, Membership
from portal.accounts.passkeys.queries import has_passkeys
from portal.accounts.sessions.services import SHORT, digest_of
from portal.core.clock import now, today
from portal.core.db.scope import current_school_id, hides_anyone, revealed
from portal.core.db.session import read, session
from portal.core.http.access import Actor
from portal.learners.record.models import Learner
from portal.notifications.queries import count_new
from portal.permissions import Role
from portal.policy.announcements.queries import is_unread_by
from portal.representation.models import Representative
from portal.representation.queries import may_act

_OPEN_A_RECORD = {Role.LEARNER.value, Role.REPRESENTATIVE.value}


@dataclass(frozen=True)
class SignedIn:
    """A session in force: its token as Flask-Login keeps it, and who holds it."""

    token: str
    session_id: UUID
    actor: Actor
    language: str | None
    authenticated_at: datetime
    has_second_factor: bool
    may_give_second_step: bool
    is_own_device: bool
    accepted: frozenset[str] = frozenset()
    own_learner_id: UUID | None = None
    represented: dict[UUID, str] = field(default_factory=dict)
    must_choose: bool = False
    new_notifications: int = 0
    has_unread_notice: bool = False
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """Return what Flask-Login puts in the cookie: the session's token."""
        return self.token

    def with_token(self, token: str) -> "SignedIn":
        """Return her with another token of the same session, which takes the place of the one before."""
        return replace(self, token=token)


@dataclass(frozen=True)
class _Authority:
    """For whom somebody may act: her name, until when, and within which categories; without any it is all of them."""

    name: str
    given_name: str
    until: date
    within: frozenset[str]

    def with_also(self, other: "_Authority") -> "_Authority":
        """Return both together, of which the wider counts."""
        within = self.within | other.within if self.within and other.within else frozenset()
        return replace(self, until=max(self.until, other.until), within=within)


def _of_account(column: Any, *conditions: Any) -> ScalarSelect[Any]:
    return select(column).where(*conditions).scalar_subquery()


def _rights(day: BindParameter[date]) -> tuple[ScalarSelect[Any], ScalarSelect[Any], ScalarSelect[Any]]:
    """Roles of an account, its own record, and the records it may act for: each a part of a statement on accounts.

    A learner under 16 has no account of her own, and an authorisation that has ended opens nothing (LB-11, LL-04).
    """
    roles = _of_account(
        func.array_agg(Membership.role),
        Membership.school_id == Account.school_id,
        Membership.account_id == Account.id,
        Membership.holds_on(day),
    )
    own = _of_account(
        Learner.id,
        Learner.school_id == Account.school_id,
        Learner.account_id == Account.id,
        not_(Learner.is_child_on(day)),
    )
    represented = (
        select(
            func.json_agg(
                func.json_build_object(
                    "learner_id", Representative.learner_id,
                    "name", Learner.full_name,
                    "given_name", Learner.given_name,
                    "until", Representative.ends_on,
                    "within", Representative.categories,
                )
            )
        )
        .join(Learner, (Learner.school_id == Representative.school_id) & (Learner.id == Representative.learner_id))
        .where(
            Representative.school_id == Account.school_id,
            Representative.account_id == Account.id,
            may_act(day),
        )
        .scalar_subquery()
    )  # fmt: skip
    return roles, own, represented


@lru_cache(maxsize=1)
def _session_statement() -> Select[*tuple[Any, ...]]:
    """Who holds the session :digest in the school in scope. Built once: building it takes longer than its answer."""
    day: BindParameter[date] = bindparam("day", type_=Date())
    roles, own, represented = _rights(day)
    accepted = _of_account(
        func.array_agg(ConfidentialityAcceptance.text_version),
        ConfidentialityAcceptance.school_id == Account.school_id,
        ConfidentialityAcceptance.account_id == Account.id,
    )
    return (
        select(
            AccountSession.id,
            AccountSession.created_at,
            AccountSession.authenticated_at,
            AccountSession.has_second_factor,
            AccountSession.is_own_device,
            AccountSession.learner_id.label("chosen"),
            Account.id.label("account_id"),
            Account.name,
            Account.language,
            or_(Account.totp_since.is_not(None), has_passkeys()).label("may_give_second_step"),
            roles.label("roles"),
            own.label("own"),
            represented.label("represented"),
            accepted.label("accepted"),
            count_new().label("new_notifications"),
            is_unread_by(Account).label("has_unread_notice"),
        )
        .join(Account, (Account.school_id == AccountSession.school_id) & (Account.id == AccountSession.account_id))
        .where(
            AccountSession.school_id == bindparam("school", type_=Uuid()),
            AccountSession.token_digest == bindparam("digest", type_=LargeBinary()),
            AccountSession.is_live(bindparam("moment", type_=DateTime(timezone=True))),
            Account.is_in_force,
        )
    )


@lru_cache(maxsize=1)
def _opening() -> Select[*tuple[Any, ...]]:
    day: BindParameter[date] = bindparam("day", type_=Date())
    roles, own, represented = _rights(day)
    hers = (Learner.school_id == Account.school_id, Learner.account_id == Account.id)
    acted = (Representative.school_id == Account.school_id, Representative.account_id == Account.id)
    return select(
        roles.label("roles"),
        own.label("own"),
        represented.label("represented"),
        exists().where(*hers, Learner.is_child_on(day)).label("is_child"),
        exists().where(*acted).label("has_represented"),
    ).where(Account.school_id == bindparam("school", type_=Uuid()), Account.id == bindparam("account", type_=Uuid()))


def why_shut_out(account_id: UUID) -> str | None:
    """Return why an account opens nothing today, as a code; None where it opens something."""
    values = {"school": current_school_id(), "account": account_id, "day": today()}
    with revealed():
        row = session.execute(_opening(), values).one()
    if _roles_in_force(row.roles, row.own, row.represented or ()):
        return None
    if row.is_child:
        return "ask_the_parent"
    return "authorisation_over" if row.has_represented else "no_role"


def _roles_in_force(
    roles: Iterable[str] | None, own_learner_id: UUID | None, represented: Collection[Any]
) -> set[Role]:
    held = {Role(role) for role in roles or ()}
    if own_learner_id is None:
        held.discard(Role.LEARNER)
    if not represented:
        held.discard(Role.REPRESENTATIVE)
    return held


def find_signed_in(token: str) -> SignedIn | None:
    """Return who holds the session with this token; None when it ended, or opens nothing any more."""
    values = {
        "school": current_school_id(), "digest": digest_of(token), "day": today(),
        "moment": now(),
    }  # fmt: skip
    row, news = _find_row(values)
    if row is None:
        return None
    represented = _represented(row.represented or ())
    roles = _roles_in_force(row.roles, row.own, represented)
    if Role.REPRESENTATIVE not in roles:
        represented = {}
    own = row.own if Role.LEARNER in roles else None
    whom, represents, must_choose = _whom(row.chosen, own, represented)
    held = frozenset(role.value for role in roles)
    authority = represented[whom] if whom is not None and represents else None
    actor = actor_of(
        row.account_id,
        row.name,
        held,
        learner_id=whom,
        represents=represents,
        acts_for=authority.given_name if authority is not None else "",
        until=authority.until if authority is not None else None,
        within=authority.within if authority is not None else (),
    )
    if not roles or (actor.is_staff and now() - row.created_at > SHORT):
        return None
    return SignedIn(
        token=token,
        session_id=row.id,
        actor=actor,
        language=row.language,
        authenticated_at=row.authenticated_at,
        has_second_factor=row.has_second_factor,
        may_give_second_step=row.may_give_second_step,
        is_own_device=row.is_own_device and not actor.is_staff,
        accepted=frozenset(row.accepted or ()),
        own_learner_id=own,
        represented={learner_id: each.name for learner_id, each in represented.items()},
        must_choose=must_choose,
        new_notifications=news,
        has_unread_notice=row.has_unread_notice,
    )


def _find_row(values: Mapping[str, Any]) -> tuple[Row[Any] | None, int]:
    """Return the row of a session, and how much news its holder has.

    Where anything is restricted, whose record it opens is looked for without that: she signs in all the same. Who
    works at the school too is told of what she sees there.
    """
    row = read(_session_statement(), values).one_or_none()
    if row is None:
        return None, 0
    held, news = set(row.roles or ()), row.new_notifications
    if not hides_anyone() or held.isdisjoint(_OPEN_A_RECORD):
        return row, news
    with revealed():
        whole = read(_session_statement(), values).one()
    return whole, whole.new_notifications if held <= _OPEN_A_RECORD else news


def _represented(rows: Iterable[Mapping[str, Any]]) -> dict[UUID, _Authority]:
    """Return for whom she may act today; what she was given more than once for one learner counts together."""
    found: dict[UUID, _Authority] = {}
    for row in sorted(rows, key=lambda row: str(row["learner_id"])):
        learner_id, within = UUID(row["learner_id"]), frozenset(row["within"] or ())
        given = _Authority(
            name=row["name"], given_name=row["given_name"], until=date.fromisoformat(row["until"]), within=within
        )
        found[learner_id] = found[learner_id].with_also(given) if learner_id in found else given
    return found


def _whom(chosen: UUID | None, own: UUID | None, represented: Collection[UUID]) -> tuple[UUID | None, bool, bool]:
    """Return whose record is open, whether on her behalf, and whether the choice has still to be made."""
    if chosen in represented:
        return chosen, True, False
    if own is not None:
        return own, False, False
    if len(represented) == 1:
        return next(iter(represented)), True, False
    return None, bool(represented), bool(represented)
