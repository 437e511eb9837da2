"""Learners whose names sound or look like another: for a search that finds little, and for who is added or imported."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, case, or_, select

from portal.core.db.scope import current_school_id, hidden_learners, revealed
from portal.core.db.session import session
from portal.core.digits import latin_digits
from portal.core.http.scope import SYSTEM, Scope
from portal.learners.record.models import Learner
from portal.learners.scope.queries import reaches_learner
from portal.learners.search.queries import FoundLearner, list_found
from portal.learners.search.sounds import likeness, name_parts, near_sounds, same_sounds, sound_of

MOST_NEAR = 5
_MOST_DOUBLES = 10
_LEAST_LIKE = 0.7
_SAME_PERSON = 0.88
_MOST_READ = 3000
_MOST_COMPARED = 20_000
_FEW, _MANY = 20, 1000
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


def _rows(
    condition: ColumnElement[bool], scope: Scope, *first: ColumnElement[Any], most: int = _MOST_READ
) -> Sequence[Any]:
    wanted = (
        select(
            Learner.id, Learner.given_name, Learner.family_name, Learner.birth_date, Learner.sort_name,
            Learner.sound_family, Learner.sound_family_second,
        )
        .where(Learner.school_id == current_school_id(), Learner.is_in_use, condition, reaches_learner(scope))
        .order_by(*first, Learner.sort_name, Learner.id)
        .limit(most)
    )  # fmt: skip
    return session.execute(wanted).all()


def find_alike(people: Sequence[NamedPerson], scope: Scope) -> Mapping[object, list[UUID]]:
    """Return of each of these people, by key, the learners within reach who may be the same person, likest first.

    Given and family name both sound or look alike, and the birth dates agree where both are seen. Whoever has nobody
    like her is left out. One statement for up to a thousand people; of more than a few only who sounds the same is
    compared, since each that is near would be read for each of them.
    """
    heard = near_sounds if len(people) <= _FEW else same_sounds
    found: dict[object, list[UUID]] = {}
    for at in range(0, len(people), _MANY):
        found |= _alike(people[at : at + _MANY], heard, scope)
    return found


class _Heard(NamedTuple):
    """A learner whose family name sounds as one that is looked for, with her names in words."""

    row: Any
    given: list[str]
    family: list[str]


def _alike(
    people: Sequence[NamedPerson], heard: Callable[[str], set[str]], scope: Scope
) -> Mapping[object, list[UUID]]:
    keys_of = {person.key: {key for word in name_parts(person.family_name) for key in heard(word)} for person in people}
    by_sound = _by_sound({key for keys in keys_of.values() for key in keys}, scope)
    alike: dict[object, list[UUID]] = {}
    unborn = hidden_learners("birth")
    for person in people:
        given, family = name_parts(person.given_name), name_parts(person.family_name)
        near = {each.row.id: each for key in keys_of[person.key] for each in by_sound.get(key, ())}
        scored = sorted(
            (-min(likeness(given, each.given), likeness(family, each.family)), each.row.sort_name, each.row.id)
            for each in near.values()
            if person.birth_date is None or each.row.birth_date in {None, person.birth_date} or each.row.id in unborn
        )
        same = [each for score, _name, each in scored if -score >= _SAME_PERSON]
        if same:
            alike[person.key] = same
    return alike


def _by_sound(keys: Collection[str], scope: Scope) -> Mapping[str, list[_Heard]]:
    """Return the learners with a family name that has one of these keys, by key."""
    found: dict[str, list[_Heard]] = {}
    if not keys:
        return found
    condition = or_(*(column.in_(sorted(keys)) for column in _FAMILY_SOUNDS))
    wanted = set(keys)
    for row in _rows(condition, scope, most=_MOST_COMPARED):
        learner = _Heard(row, name_parts(row.given_name), name_parts(row.family_name))
        for key in {row.sound_family, row.sound_family_second} & wanted:
            found.setdefault(key, []).append(learner)
    return found


def find_duplicates(
    person: NamedPerson, digest: bytes | None, scope: Scope, *, besides: UUID | None = None
) -> list[FoundLearner]:
    """Return at most ten learners who may be the same person: the same BSN first, then who is like her by name."""
    of_bsn = _rows(Learner.bsn_digest == digest, scope) if digest is not None else ()
    found = [row.id for row in of_bsn if row.id not in hidden_learners("bsn")]
    found += [each for each in find_alike([person], scope).get(person.key, []) if each not in found]
    return list_found([each for each in found if each != besides][:_MOST_DOUBLES], scope)


def meets_restricted(person: NamedPerson, digest: bytes | None) -> bool:
    """Say whether this may be somebody whose record is hidden because she restricted it; no more is told of her.

    Also whether it has the BSN of who restricted that alone.
    """
    hidden, of_bsn_hidden = hidden_learners(), hidden_learners("bsn")
    if not of_bsn_hidden:
        return False
    with revealed(*hidden):
        of_bsn = {row.id for row in _rows(Learner.bsn_digest == digest, SYSTEM)} if digest is not None else set()
        if not of_bsn_hidden.isdisjoint(of_bsn):
            return True
        return bool(hidden) and not hidden.isdisjoint(find_alike([person], SYSTEM).get(person.key, []))


def find_by_phone(text: str, scope: Scope) -> list[FoundLearner]:
    """Return at most ten learners within reach who have this phone number, or these six figures or more of one.

    Only for who sees how learners are reached: the answer tells whose number it is.
    """
    figures = _figures_of(text)
    if figures is None or "contact" not in scope.sees:
        return []
    is_hers = or_(*(column.contains(figures) for column in (Learner.phone, Learner.phone_other)))
    hidden = hidden_learners("contact")
    return list_found([row.id for row in _rows(is_hers, scope) if row.id not in hidden][:_MOST_DOUBLES], scope)


def _figures_of(text: str) -> str | None:
    """Return the figures of a phone number as every way of writing it has them, without country and first zero."""
    typed = latin_digits(text[:_MOST_TEXT]).strip()
    if not _PHONE.fullmatch(typed):
        return None
    figures = re.sub(r"^(\+31|0031|0)(0(?=[1-9]))?", "", re.sub(r"[^+0-9]", "", typed.replace("(0)", ""))).lstrip("+")
    return figures if len(figures) >= _LEAST_FIGURES else None
