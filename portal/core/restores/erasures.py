"""Erasing again, in a restored database, whoever and whatever was erased since its backup (MN-15, OP-07)."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, func, or_, select

from portal.core.crypto.files import StoredFile
from portal.core.crypto.key_store import EVERYTHING, store
from portal.core.crypto.key_uses import find_holders
from portal.core.crypto.ledger import Ending, EndingsSince
from portal.core.db.base import Base
from portal.core.db.bulk import among_ids
from portal.core.db.scope import checkpoint, current_school_id
from portal.core.db.session import session
from portal.core.erasure import FIELDS_OF, erased_but_signatures, erased_category, erased_field
from portal.core.personal_data import CATEGORIES, OWN_TABLE, PersonKind, fields_of, registry
from portal.core.removal import remove_categories, remove_fields, remove_people
from portal.core.restores.ports import OUTLASTING_AGAIN, AppliedAgain

_AT_ONCE = 20_000


def erase_again(ended: EndingsSince) -> int:
    """Erase again, in the school in scope, and return of how many people something went. Commits as it goes.

    Their keys are destroyed where one is left: what was erased just before a fault may have kept its key.
    """
    if not ended.has(Ending.ERASURE):
        return 0
    count = 0
    for kind in PersonKind:
        for ids in _people(kind):
            count += _people_of(kind, ended.among(Ending.ERASURE, ids), ended)
            _commit()
    if ended.is_whole(Ending.ERASURE):
        return count
    for kind in PersonKind:
        for ids in _people(kind):
            count += _parts_of(kind, ids, ended)
            _commit()
    return count


def _commit() -> None:
    session.expire_all()
    checkpoint()


def _people(kind: PersonKind) -> Iterator[Sequence[UUID]]:
    """Yield the people of one kind in this school, so many at once, in the order of their ids."""
    table, last = Base.metadata.tables[OWN_TABLE[kind]], UUID(int=0)
    while True:
        wanted = select(table.c.id).where(table.c.school_id == current_school_id(), table.c.id > last)
        ids = session.scalars(wanted.order_by(table.c.id).limit(_AT_ONCE)).all()
        if not ids:
            return
        last = ids[-1]
        yield ids


def _people_of(kind: PersonKind, ids: Sequence[UUID], ended: EndingsSince) -> int:
    """Erase people again, and let stand beside what they signed the names that stood there still."""
    if ids:
        _keep_what_outlasts(kind, ids, None, ended)
        marked = {erased_but_signatures(each): each for each in ids}
        signing = {marked[each] for each in ended.among(Ending.ERASURE, marked)}
        for keeps in (False, True):
            if some := [each for each in ids if (each in signing) is keeps]:
                remove_people(kind, some, keeps_signatures=keeps)
        if ended.may_destroy:
            store().destroy(current_school_id(), {(each, EVERYTHING): 1 for each in ids})
    return len(ids)


def _keep_what_outlasts(
    kind: PersonKind, ids: Sequence[UUID], categories: Collection[str] | None, ended: EndingsSince
) -> None:
    for keep in OUTLASTING_AGAIN.all:
        keep(kind, ids, categories, ended)


def _parts_of(kind: PersonKind, ids: Sequence[UUID], ended: EndingsSince) -> int:
    """Erase again single categories and fields of these people."""
    met: set[UUID] = set()
    for category in CATEGORIES:
        by_digest = {erased_category(each, category): each for each in ids}
        hers = [by_digest[each] for each in ended.among(Ending.ERASURE, by_digest)]
        if hers:
            _keep_what_outlasts(kind, hers, [category], ended)
            remove_categories(kind, hers, [category])
            met.update(hers)
    marked = {erased_field(each, FIELDS_OF): each for each in ids}
    those = [marked[each] for each in ended.among(Ending.ERASURE, marked)]
    for field in registry(Base.metadata, kind) if those else ():
        by_digest = {erased_field(each, field): each for each in those}
        hers = [by_digest[each] for each in ended.among(Ending.ERASURE, by_digest)]
        if hers:
            remove_fields(kind, hers, [field])
            met.update(hers)
    return len(met)


def find_unerased(ended: EndingsSince) -> list[UUID]:
    """Return the people of the school in scope who were erased and are there, or hold a value that was erased."""
    found: list[UUID] = []
    for kind in PersonKind if ended.has(Ending.ERASURE) else ():
        for ids in _people(kind):
            whole = ended.among(Ending.ERASURE, ids)
            found += [*whole, *sorted(_hold_erased(kind, ids, ended) - set(whole))]
    return found


def _hold_erased(kind: PersonKind, ids: Sequence[UUID], ended: EndingsSince) -> set[UUID]:
    """Return of whom something is held of a category that was erased, or a value in her own row that was."""
    own = Base.metadata.tables[OWN_TABLE[kind]]
    fields = [each for each in fields_of(own, kind) if own.columns[each.column].nullable]
    found: set[UUID] = set()
    for category in CATEGORIES:
        by_digest = {erased_category(each, category): each for each in ids}
        those = [by_digest[each] for each in ended.among(Ending.ERASURE, by_digest)]
        found |= find_holders(kind, those, category) if those else set()
    marked = {erased_field(each, FIELDS_OF): each for each in ids}
    those = [marked[each] for each in ended.among(Ending.ERASURE, marked)]
    for field in fields if those else ():
        by_digest = {erased_field(each, field.key): each for each in _holding(own, those, [own.columns[field.column]])}
        found.update(by_digest[each] for each in ended.among(Ending.ERASURE, by_digest))
    return found


def _holding(own: Table, ids: Sequence[UUID], columns: Sequence[Column[Any]]) -> Sequence[UUID]:
    """Return who has a value in one of these columns of her own row."""
    those = own.c.school_id == current_school_id(), among_ids(own.c.id, ids)
    return session.scalars(select(own.c.id).where(*those, or_(*(column.is_not(None) for column in columns)))).all()


def find_erased_files(ended: EndingsSince) -> list[str]:
    """Return the names of the files of the school in scope that went with their people or categories."""
    if not ended.has(Ending.ERASURE):
        return []
    whose = func.coalesce(StoredFile.learner_id, StoredFile.person_id)
    category_of = func.coalesce(StoredFile.category, "")
    held = select(StoredFile.name, whose, category_of).where(
        StoredFile.school_id == current_school_id(), whose.is_not(None), StoredFile.gone_at.is_(None)
    )
    files = session.execute(held.order_by(StoredFile.id)).all()
    ids = {of for _, person_id, category in files for of in (person_id, erased_category(person_id, category))}
    gone = set(ended.among(Ending.ERASURE, ids))
    return [name for name, person_id, category in files if gone & {person_id, erased_category(person_id, category)}]


ERASED_AGAIN = AppliedAgain(Ending.ERASURE, erase_again)
