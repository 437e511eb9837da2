"""The school that answers and who holds a session there, with roles and the records within reach: one statement."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnClause,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    ScalarSelect,
    Select,
    Text,
    Uuid,
    bindparam,
    column,
    exists,
    func,
    not_,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from portal.accounts.actors import actor_of
from portal.accounts.models import Account, AccountSession, ConfidentialityAcceptance, Membership
from portal.accounts.sessions.services import SHORT
from portal.core.clock import now, today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.learners.record.ages import youngest_birth_date
from portal.learners.record.models import Learner
from portal.permissions import Role
from portal.representation.models import Representative, RepresentativeKind

_SCHOOL: tuple[ColumnClause[Any], ...] = (
    column("id", Uuid()), column("slug", Text()), column("name", Text()), column("hue", Integer()),
    column("chroma", Float()), column("has_logo", Boolean()), column("look_version", Integer()),
    column("idle_minutes", Integer()), column("second_factor_roles", ARRAY(Text())),
    column("policy_version_id", Uuid()),
)  # fmt: skip
"""What `enter_school` tells of the school."""


@dataclass(frozen=True)
class SignedIn:
    """A session in force: its token as Flask-Login keeps it, and who holds it."""

    token: str
    session_id: UUID
    actor: Actor
    language: str | None
    authenticated_at: datetime
    has_second_factor: bool
    has_totp: bool
    is_own_device: bool
    accepted: frozenset[str] = frozenset()
    own_learner_id: UUID | None = None
    represented: dict[UUID, str] = field(default_factory=dict)
    must_choose: bool = False
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """Return what Flask-Login puts in the cookie: the session's token."""
        return self.token


def _of_account(column: Any, *conditions: Any) -> ScalarSelect[Any]:
    return select(column).where(*conditions).scalar_subquery()


def _rights(
    day: BindParameter[date], youngest: BindParameter[date]
) -> tuple[ScalarSelect[Any], ScalarSelect[Any], ScalarSelect[Any]]:
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
        or_(Learner.birth_date.is_(None), Learner.birth_date <= youngest),
    )
    is_child = Learner.birth_date > youngest
    kinds_for_adults = (RepresentativeKind.AUTHORISED, RepresentativeKind.GUARDIAN)
    kinds_for_children = (RepresentativeKind.PARENT, RepresentativeKind.GUARDIAN)
    represented = (
        select(func.json_object_agg(Representative.learner_id, Learner.full_name))
        .join(Learner, (Learner.school_id == Representative.school_id) & (Learner.id == Representative.learner_id))
        .where(
            Representative.school_id == Account.school_id,
            Representative.account_id == Account.id,
            Representative.starts_on <= day,
            Representative.ends_on >= day,
            Representative.is_in_force,
            or_(Learner.birth_date.is_(None), is_child, *(Representative.kind == kind for kind in kinds_for_adults)),
            or_(
                Learner.birth_date.is_(None),
                not_(is_child),
                *(Representative.kind == kind for kind in kinds_for_children),
            ),
        )
        .scalar_subquery()
    )
    return roles, own, represented


@lru_cache(maxsize=1)
def entering() -> Select[Any]:
    """The statement with which a request enters :host's school, and who holds the session :digest there, as `who`.

    Built once: every page runs it, and building it takes longer than its answer.
    """
    day: BindParameter[date] = bindparam("day", type_=Date())
    youngest: BindParameter[date] = bindparam("youngest", type_=Date())
    roles, own, represented = _rights(day, youngest)
    accepted = _of_account(
        func.array_agg(ConfidentialityAcceptance.text_version),
        ConfidentialityAcceptance.school_id == Account.school_id,
        ConfidentialityAcceptance.account_id == Account.id,
    )
    school = func.enter_school(bindparam("host", type_=Text())).table_valued(*_SCHOOL).render_derived()
    who = (
        select(
            func.json_build_object(
                "id", AccountSession.id,
                "created_at", AccountSession.created_at,
                "authenticated_at", AccountSession.authenticated_at,
                "has_second_factor", AccountSession.has_second_factor,
                "is_own_device", AccountSession.is_own_device,
                "chosen", AccountSession.learner_id,
                "account_id", Account.id,
                "name", Account.name,
                "language", Account.language,
                "has_totp", Account.totp_since.is_not(None),
                "roles", roles,
                "own", own,
                "represented", represented,
                "accepted", accepted,
            )
        )
        .join(Account, (Account.school_id == AccountSession.school_id) & (Account.id == AccountSession.account_id))
        .where(
            AccountSession.school_id == school.c.id,
            AccountSession.token_digest == bindparam("digest", type_=LargeBinary()),
            AccountSession.is_in_force,
            AccountSession.expires_at > bindparam("moment", type_=DateTime(timezone=True)),
            Account.is_in_force,
        )
        .scalar_subquery()
    )  # fmt: skip
    return select(*school.c, who.label("who"))


def entering_values(token_digest: bytes) -> dict[str, Any]:
    """Return what `entering` asks besides the host."""
    return {"digest": token_digest, "day": today(), "youngest": youngest_birth_date(), "moment": now()}


@lru_cache(maxsize=1)
def _opening() -> Select[*tuple[Any, ...]]:
    day: BindParameter[date] = bindparam("day", type_=Date())
    youngest: BindParameter[date] = bindparam("youngest", type_=Date())
    roles, own, represented = _rights(day, youngest)
    hers = (Learner.school_id == Account.school_id, Learner.account_id == Account.id)
    acted = (Representative.school_id == Account.school_id, Representative.account_id == Account.id)
    return select(
        roles.label("roles"),
        own.label("own"),
        represented.label("represented"),
        exists().where(*hers, Learner.birth_date > youngest).label("is_child"),
        exists().where(*acted).label("has_represented"),
    ).where(Account.school_id == bindparam("school", type_=Uuid()), Account.id == bindparam("account", type_=Uuid()))


def why_shut_out(account_id: UUID) -> str | None:
    """Return why an account opens nothing today, as a code; None where it opens something."""
    values = {"school": current_school_id(), "account": account_id, "day": today(), "youngest": youngest_birth_date()}
    row = session.execute(_opening(), values).one()
    if _roles_in_force({"roles": row.roles, "own": row.own}, row.represented or {}):
        return None
    if row.is_child:
        return "ask_the_parent"
    return "authorisation_over" if row.has_represented else "no_role"


def _roles_in_force(who: dict[str, Any], represented: dict[UUID, str]) -> set[Role]:
    roles = {Role(role) for role in who["roles"] or ()}
    if who["own"] is None:
        roles.discard(Role.LEARNER)
    if not represented:
        roles.discard(Role.REPRESENTATIVE)
    return roles


def signed_in(token: str, who: dict[str, Any] | None) -> SignedIn | None:
    """Return who holds a session from what `entering` found of it; None when it ended, or opens nothing any more."""
    if who is None:
        return None
    represented = {UUID(key): name for key, name in sorted((who["represented"] or {}).items())}
    roles = _roles_in_force(who, represented)
    if Role.REPRESENTATIVE not in roles:
        represented = {}
    own = UUID(who["own"]) if who["own"] and Role.LEARNER in roles else None
    whom, represents, must_choose = _whom(UUID(who["chosen"]) if who["chosen"] else None, own, represented)
    actor = actor_of(
        UUID(who["account_id"]),
        who["name"],
        frozenset(role.value for role in roles),
        learner_id=whom,
        represents=represents,
    )
    if not roles or (actor.is_staff and now() - datetime.fromisoformat(who["created_at"]) > SHORT):
        return None
    return SignedIn(
        token=token,
        session_id=UUID(who["id"]),
        actor=actor,
        language=who["language"],
        authenticated_at=datetime.fromisoformat(who["authenticated_at"]),
        has_second_factor=who["has_second_factor"],
        has_totp=who["has_totp"],
        is_own_device=who["is_own_device"] and not actor.is_staff,
        accepted=frozenset(who["accepted"] or ()),
        own_learner_id=own,
        represented=represented,
        must_choose=must_choose,
    )


def _whom(chosen: UUID | None, own: UUID | None, represented: dict[UUID, str]) -> tuple[UUID | None, bool, bool]:
    """Return whose record is open, whether on her behalf, and whether the choice has still to be made."""
    if chosen in represented:
        return chosen, True, False
    if own is not None:
        return own, False, False
    if len(represented) == 1:
        return next(iter(represented)), True, False
    return None, bool(represented), bool(represented)
