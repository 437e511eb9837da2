"""Who is asking, and what each address asks: `@requires(permission)` or `@public`, checked at the start."""

from collections.abc import Callable, Collection
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from flask import Flask

from portal.core.errors import NotAllowed
from portal.core.http.scope import NOTHING, SYSTEM, Scope

F = TypeVar("F", bound=Callable[..., Any])


READING = frozenset({"GET", "HEAD", "OPTIONS"})
"""The methods of requests that only read."""


_OUTSIDE = frozenset({"learner", "representative", "client_contact", "auditor"})


@dataclass(frozen=True)
class Actor:
    """Who is asking: an account with its roles, or the portal itself when no person asks.

    `scope` says which rows and categories she reaches at the address that she opened. `own` is that of a record that is
    her own, or that of the learner she represents (`represents` is then true); it is in force at the addresses of the
    own record, and everywhere for who has no role at work. `acts_for` is the given name of whom she represents.
    """

    account_id: UUID | None
    name: str
    roles: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()
    scope: Scope = field(default=NOTHING)
    own: Scope = field(default=NOTHING)
    represents: bool = False
    acts_for: str = ""

    @property
    def learner_id(self) -> UUID | None:
        """Return the learner whose own record this is, today; None for who has none."""
        return self.own.own_learner_id

    @property
    def sees(self) -> frozenset[str]:
        """Return the categories that she sees."""
        return self.scope.sees

    @property
    def changes(self) -> frozenset[str]:
        """Return the categories that she changes."""
        return self.scope.changes

    def on_own_record(self) -> "Actor":
        """Return her as she is at the addresses of the own record, where her roles at work widen nothing."""
        return replace(self, scope=self.own)

    def without(self, categories: Collection[str]) -> "Actor":
        """Return her as she is where these categories are neither seen nor changed: a learner restricted them."""
        left = self.scope.sees.difference(categories), self.scope.changes.difference(categories)
        return replace(self, scope=replace(self.scope, sees=left[0], changes=left[1]))

    def may(self, permission: StrEnum) -> bool:
        """Say whether one of the roles has this permission."""
        return permission.value in self.permissions

    def must(self, permission: StrEnum) -> None:
        """Raise NotAllowed unless one of the roles has this permission."""
        if not self.may(permission):
            raise NotAllowed("not_allowed", permission=permission.value)

    @property
    def is_staff(self) -> bool:
        """Say whether she works at the school."""
        return bool(self.roles - _OUTSIDE)


PORTAL = Actor(account_id=None, name="Inzage", roles=frozenset({"portal"}), scope=SYSTEM)

_actor: ContextVar[Actor | None] = ContextVar("actor", default=None)


def set_actor(actor: Actor | None) -> None:
    """Say who is asking, for the rest of this request or job."""
    _actor.set(actor)


def current_actor() -> Actor | None:
    """Return who is asking; None when nobody is signed in."""
    return _actor.get()


def require_actor() -> Actor:
    """Return who is asking; raises NotAllowed when nobody is signed in."""
    actor = _actor.get()
    if actor is None:
        raise NotAllowed("not_signed_in")
    return actor


def requires(permission: StrEnum) -> Callable[[F], F]:
    """Declare under an address which permission it asks."""

    def declare(view: F) -> F:
        view.__dict__["access"] = permission
        return view

    return declare


def public(view: F) -> F:
    """Declare under an address that anyone may open it."""
    view.__dict__["access"] = "public"
    return view


def one_click(view: F) -> F:
    """Declare under an address that what stands in it is proof enough, so that a form's token isn't asked for.

    For what anyone who was sent the address may do, from a program that never saw a form of ours.
    """
    view.__dict__["one_click"] = True
    return view


def is_one_click(app: Flask, endpoint: str) -> bool:
    """Say whether an endpoint takes a POST without a form's token."""
    return bool(getattr(app.view_functions[endpoint], "one_click", False))


def freshly(minutes: int = 5) -> Callable[[F], F]:
    """Declare under an address that it opens only to who gave her password so many minutes ago at most."""

    def declare(view: F) -> F:
        view.__dict__["fresh_minutes"] = minutes
        return view

    return declare


def fresh_minutes_of(app: Flask, endpoint: str) -> int | None:
    """Return how recently who opens an endpoint must have given her password, in minutes, or None."""
    minutes: int | None = getattr(app.view_functions[endpoint], "fresh_minutes", None)
    return minutes


def access_of(app: Flask, endpoint: str) -> StrEnum | str | None:
    """Return what is declared under an endpoint: a permission, "public", or None."""
    access: StrEnum | str | None = getattr(app.view_functions[endpoint], "access", None)
    return access


def check_every_address(app: Flask) -> None:
    """Raise RuntimeError, naming them, when an address declares neither a permission nor that it is public."""
    bare = [rule.rule for rule in app.url_map.iter_rules() if access_of(app, rule.endpoint) is None]
    if bare:
        raise RuntimeError(f"no access declared under: {', '.join(sorted(bare))}")
