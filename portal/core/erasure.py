"""Erasing a field, a category or a person: one way for whoever asks it, read from the registry of declarations.

Rows go as `core.removal` lets them go, keys with the commit; the ledger and the audit have it from here.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select

from portal.core import audit
from portal.core.crypto import keys
from portal.core.crypto.key_uses import who_need_key
from portal.core.crypto.ledger import Ending, record_ending
from portal.core.db.base import Base
from portal.core.db.bulk import among_ids
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.personal_data import OWN_TABLE, PersonKind, registry
from portal.core.removal import remove_categories, remove_fields, remove_people
from portal.core.shared_accounts import who_go_along

FIELDS_OF = "fields"


def erase_fields(
    kind: PersonKind,
    ids: Sequence[UUID],
    fields: Collection[str],
    *,
    why: str,
    is_moved: bool = False,
    by: Actor | None = None,
) -> int:
    """Erase these fields (`table.column`) of these people, and return how many values went; `why` is a code.

    A row of another table that can't do without its field goes whole. The key of a category goes with the commit where
    nothing of it is held any more, sealed or not. `is_moved` says that another record holds them now: keys and what was
    made of them stay, and a restored backup keeps them where they were. Raises KeyError for a field that the registry
    doesn't know, ValueError for one that the person's own row can't do without.
    """
    if not is_moved:
        _lock(kind, ids)
    count = remove_fields(kind, ids, fields, is_moved=is_moved)
    if not is_moved:
        _destroy_unused(kind, ids, fields)
        record_ending(Ending.ERASURE, *(erased_field(each, field) for each in ids for field in (FIELDS_OF, *fields)))
    _note(kind, ids, count, {"fields": sorted(fields), "why": why}, by)
    return count


def _lock(kind: PersonKind, ids: Sequence[UUID]) -> None:
    """Let nothing be added to these people before the commit: what is held of them is what is found now."""
    own = Base.metadata.tables[OWN_TABLE[kind]]
    theirs = select(own.c.id).where(own.c.school_id == current_school_id(), among_ids(own.c.id, ids))
    session.execute(theirs.order_by(own.c.id).with_for_update())


def _destroy_unused(kind: PersonKind, ids: Sequence[UUID], fields: Collection[str]) -> None:
    """Destroy the keys of the fields' categories, of each of these people of whom nothing of it is held."""
    known = registry(Base.metadata, kind)
    for category in sorted({known[key].category for key in fields}):
        needing = who_need_key(kind, ids, category)
        keys.destroy_categories([each for each in ids if each not in needing], [category])


def erase_category(kind: PersonKind, ids: Sequence[UUID], category: str, *, why: str, by: Actor | None = None) -> int:
    """Erase all of one category of these people, and return how many values went; `why` is a code.

    Columns of their own row are emptied; rows that are of this category go, with their files. The key of the category
    goes with the commit. Raises ValueError for what the person's own row can't do without.
    """
    count = remove_categories(kind, ids, [category])
    keys.destroy_categories(ids, [category])
    record_ending(Ending.ERASURE, *(erased_category(each, category) for each in ids))
    _note(kind, ids, count, {"category": category, "why": why}, by)
    return count


def erase_person(kind: PersonKind, person_id: UUID, *, why: str, by: Actor | None = None) -> int:
    """Erase a person: rows about her go with their files, rows that she only signed lose her name.

    Rows that she shares with others stay. Who is here through her alone goes too: who acts or acted for a learner.
    Returns how many rows went. Proof that is kept for its own term names her by an id alone, and opens no longer once
    her keys are gone.
    """
    _erase_along(kind, [person_id], why, by)
    count = remove_people(kind, [person_id])
    keys.destroy_people(person_id)
    record_ending(Ending.ERASURE, person_id)
    _note(kind, [person_id], count, {"why": why}, by)
    return count


def _erase_along(kind: PersonKind, ids: Sequence[UUID], why: str, by: Actor | None) -> None:
    """Erase who is here through these people alone, with her account, her keys and an entry of her own."""
    for other, along in who_go_along(kind, ids):
        erase_people(other, along, why=why, by=by)


Noted = Mapping[UUID, Mapping[str, Any]]
"""Whom the audit gets an entry about, one each, with the facts that stand in it."""


def erase_people(
    kind: PersonKind,
    ids: Sequence[UUID],
    *,
    why: str,
    noted: Noted | None = None,
    by: Actor | None = None,
    keeps_signatures: bool = False,
) -> int:
    """Erase several people at once as `erase_person` does one, and return how many rows went.

    Each has an entry of her own in the audit; with `noted` those whom it names have one, with its facts. With
    `keeps_signatures` their names stay beside what they signed of others, for as long as that is kept.
    """
    _erase_along(kind, ids, why, by)
    count = remove_people(kind, ids, keeps_signatures=keeps_signatures)
    keys.destroy_people(*ids)
    record_ending(Ending.ERASURE, *ids, *(erased_but_signatures(each) for each in ids if keeps_signatures))
    _note_each(kind, noted or {each: {} for each in ids}, why, by)
    return count


def erase_categories(
    kind: PersonKind,
    ids: Sequence[UUID],
    categories: Collection[str],
    *,
    why: str,
    noted: Noted | None = None,
    by: Actor | None = None,
) -> int:
    """Erase all of these categories of several people, as `erase_category` does one, with an entry about each person.

    Raises ValueError for what a person's own row can't do without.
    """
    count = remove_categories(kind, ids, categories)
    keys.destroy_categories(ids, categories)
    record_ending(Ending.ERASURE, *(erased_category(each, category) for each in ids for category in categories))
    facts = {"categories": sorted(categories)}
    _note_each(kind, noted or dict.fromkeys(ids, facts), why, by)
    return count


def erased_category(person_id: UUID, category: str) -> UUID:
    """Return the id by which the ledger of endings knows that one category of a person was erased."""
    return uuid5(person_id, category)


def erased_field(person_id: UUID, field: str) -> UUID:
    """Return the id by which the ledger knows that one field (`table.column`) of a person was erased.

    Under `FIELDS_OF` it says that any was, so that who looks needn't try each field of everybody.
    """
    return uuid5(person_id, field)


def erased_but_signatures(person_id: UUID) -> UUID:
    """Return the id by which the ledger knows of who was erased that her name stayed beside what she signed."""
    return uuid5(person_id, "but signatures")


def _note(kind: PersonKind, ids: Sequence[UUID], count: int, facts: Mapping[str, Any], by: Actor | None) -> None:
    """Let what is in memory be read anew, and write down what went, where anything did."""
    session.expire_all()
    if count:
        about = ids if kind is PersonKind.LEARNER else []
        subject = None if len(ids) > 1 else (kind.value, ids[0])
        audit.record("record.erased", learner_ids=about, subject=subject, facts={**facts, "values": count}, by=by)


def _note_each(kind: PersonKind, noted: Noted, why: str, by: Actor | None) -> None:
    session.expire_all()
    audit.record_all(
        audit.entry(
            "record.erased",
            learner_ids=[each] if kind is PersonKind.LEARNER else [],
            subject=(kind.value, each),
            facts={**facts, "why": why},
            by=by,
        )
        for each, facts in noted.items()
    )
