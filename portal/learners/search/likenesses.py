"""Learners whose names sound or look like another: for a search that finds little, and for who is added or imported."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, or_, select

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.digits import latin_digits
from portal.core.http.scope import Scope
from portal.learners.record.models import Learner
from portal.learners.scope.queries import reaches_learner
from portal.learners.search.queries import FoundLearner, list_found
from portal.learners.search.sounds import likeness, name_parts, near_sounds, sound_of

MOST_NEAR = 5
_MOST_DOUBLES = 10
_LEAST_LIKE = 0.7
_SAME_PERSON = 0.88
_MOST_READ = 3000
_MOST_WORDS = 4
_MOST_TEXT = 120
_LEAST_FIGURES = 6
_SOUNDS = (Learner.sound_given, Learner.sound_given_second, Learner.sound_family, Learner.sound_family_second)
_FAMILY_SOUNDS = (Learner.sound_family, Learner.sound_family_second)
_PHONE = re.compile(r"[+0-9 ()./-]+")


@dataclass(frozen=True)
class NamedPerson:
    """A name as somebody gives it, with a birth date where one is known; a key by which the answer is found."""

    key: object
    given_name: str
    family_name: str
    birth_date: date | None = None


def find_near(text: str, scope: Scope, *, besides: Iterable[UUID] = ()) -> list[FoundLearner]:
    """Return at most `MOST_NEAR` learners within reach whose names sound or look like what was typed, likest first."""
    typed = [word for word in name_parts(text[:_MOST_TEXT]) if len(word) > 1][:_MOST_WORDS]
    without = set(besides)
    ranked = sorted(
        (-likeness(typed, name_parts(f"{row.given_name} {row.family_name}")), row.sort_name, row.id)
        for row in _heard_as(typed, _SOUNDS, scope)
        if row.id not in without
    )
    return list_found([each for score, _name, each in ranked[:MOST_NEAR] if -score >= _LEAST_LIKE], scope)


def _heard_as(words: Collection[str], columns: Sequence[Any], scope: Scope) -> Sequence[Any]:
    """Return learners with a word in their names that sounds like one of these, those that sound the same first.

    Every comparison is `=`: that finds an index, which likeness wouldn't under row-level security.
    """
    near = sorted({key for word in words for key in near_sounds(word)})
    if not near:
        return []
    same = sorted({sound_of(word) for word in words})
    condition = or_(*(column.in_(near) for column in columns))
    return _rows(condition, scope, case((or_(*(column.in_(same) for column in columns)), 0), else_=1))


def _rows(condition: ColumnElement[bool], scope: Scope, *first: ColumnElement[Any]) -> Sequence[Any]:
    wanted = (
        select(Learner.id, Learner.given_name, Learner.family_name, Learner.birth_date, Learner.sort_name)
        .where(Learner.school_id == current_school_id(), Learner.is_in_use, condition, reaches_learner(scope))
        .order_by(*first, Learner.sort_name, Learner.id)
        .limit(_MOST_READ)
    )
    return session.execute(wanted).all()


def find_alike(people: Sequence[NamedPerson], scope: Scope) -> Mapping[object, list[UUID]]:
    """Return of each of these people, by key, the learners within reach who may be the same person, likest first.

    Given and family name both sound or look alike, and the birth dates agree where both are known. Whoever has nobody
    like her is left out. One statement for a few hundred people at once.
    """
    families = {word for person in people for word in name_parts(person.family_name)}
    rows = [
        (row, name_parts(row.given_name), name_parts(row.family_name))
        for row in _heard_as(families, _FAMILY_SOUNDS, scope)
    ]
    alike: dict[object, list[UUID]] = {}
    for person in people:
        given, family = name_parts(person.given_name), name_parts(person.family_name)
        scored = sorted(
            (-min(likeness(given, its_given), likeness(family, its_family)), row.sort_name, row.id)
            for row, its_given, its_family in rows
            if person.birth_date is None or row.birth_date in {None, person.birth_date}
        )
        found = [each for score, _name, each in scored if -score >= _SAME_PERSON]
        if found:
            alike[person.key] = found
    return alike


def find_duplicates(
    person: NamedPerson, digest: bytes | None, scope: Scope, *, besides: UUID | None = None
) -> list[FoundLearner]:
    """Return at most ten learners who may be the same person: the same BSN first, then who is like her by name."""
    found = [row.id for row in _rows(Learner.bsn_digest == digest, scope)] if digest is not None else []
    found += [each for each in find_alike([person], scope).get(person.key, []) if each not in found]
    return list_found([each for each in found if each != besides][:_MOST_DOUBLES], scope)


def find_by_phone(text: str, scope: Scope) -> list[FoundLearner]:
    """Return at most ten learners within reach who have this phone number, or these six figures or more of one.

    Only for who sees how learners are reached: the answer tells whose number it is.
    """
    figures = _figures_of(text)
    if figures is None or "contact" not in scope.sees:
        return []
    is_hers = or_(*(column.contains(figures) for column in (Learner.phone, Learner.phone_other)))
    return list_found([row.id for row in _rows(is_hers, scope)][:_MOST_DOUBLES], scope)


def _figures_of(text: str) -> str | None:
    """Return the figures of a phone number as every way of writing it has them, without country and first zero."""
    typed = latin_digits(text[:_MOST_TEXT]).strip()
    if not _PHONE.fullmatch(typed):
        return None
    figures = re.sub(r"^(\+31|0031|0)(0(?=[1-9]))?", "", re.sub(r"[^+0-9]", "", typed.replace("(0)", ""))).lstrip("+")
    return figures if len(figures) >= _LEAST_FIGURES else None
