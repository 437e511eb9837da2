"""Making a copy: gathered by the registry, looked through for other people's names, written; gone after its term."""

from collections.abc import Iterable, Iterator
from datetime import datetime, time
from mimetypes import guess_extension
from uuid import UUID

from flask_babel import force_locale
from sqlalchemy import insert, select

from portal.core import audit
from portal.core.audit.queries import Entry
from portal.core.clock import AMSTERDAM, now, today
from portal.core.crypto import files
from portal.core.db.base import new_id
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.disclosures.queries import list_disclosures_of
from portal.learners.names_in_texts.matches import OtherPeople
from portal.policy.queries import current_policy
from portal.requests.copies.answers import answer_by, is_over, is_still_asked, left_out_of
from portal.requests.copies.contents.assembly import (
    Contents,
    told_disclosures,
    told_left_out,
    told_signed,
    told_withheld,
)
from portal.requests.copies.contents.categories import copied_categories
from portal.requests.copies.contents.log import list_deeds, list_entries_about, list_looks, readable_names
from portal.requests.copies.contents.other_people import list_other_people
from portal.requests.copies.contents.passages import Blackening, Passage, Place, find_passages
from portal.requests.copies.contents.portable import portable_rows
from portal.requests.copies.contents.rows import HeldRow, list_rows
from portal.requests.copies.contents.signed import list_signed_rows
from portal.requests.copies.contents.subjects import subject_of
from portal.requests.copies.formats.archive import File, copy_archive, portable_archive
from portal.requests.copies.models import CopyKind, CopyPassage, CopyState, DataCopy
from portal.requests.copies.queries import get_copy, list_passages
from portal.schools.queries import current_school

_FILE = "data_copy.file_id"
_NOT_HERS = frozenset({"data_copy", "import_run"})


def make_copy(copy_id: UUID, *, by: Actor) -> None:
    """Make a copy that waits, unless something in it waits for somebody's decision; then that is flagged.

    Safe to run again: a copy that no longer waits is left alone.
    """
    copy = get_copy(copy_id, by.scope, lock=True)
    if copy.state is not CopyState.WAITING:
        return
    if is_over(copy) or not is_still_asked(copy):
        copy.state = CopyState.GONE
        session.flush()
        return
    with force_locale(copy.language):
        gathered = _Gathered(copy, by)
        undecided = gathered.undecided()
        if undecided:
            _flag(copy, undecided)
        else:
            _write(copy, gathered, by)


class _Gathered:
    """What a copy is made of, as it stands now."""

    def __init__(self, copy: DataCopy, by: Actor) -> None:
        self.copy, self._by = copy, by
        self.subject = subject_of(copy)
        self.rows: list[HeldRow] = list_rows(self.subject)
        self.entries: list[Entry] = []
        if copy.kind is CopyKind.PORTABILITY:
            self.rows = portable_rows(self.rows, self.subject.kind, includes_findings=copy.includes_findings)
        else:
            self.entries = list_entries_about(self.subject, self.rows)
        self.people: OtherPeople = list_other_people(self.subject)
        self._left_out = left_out_of(copy)
        self._decided = {_place_of(each): each.is_black for each in list_passages(copy)}

    def undecided(self) -> list[Passage]:
        """Return the passages on which nobody decided yet."""
        found = find_passages(self.rows, self.entries, self.people)
        return [each for each in found if self._decided.get(each.place) is None]

    def contents(self) -> Contents:
        """Return the whole in words, what was decided so blacked out."""
        subject, lang = self.subject, self.copy.language
        blackening = Blackening(self.people, [place for place, is_black in self._decided.items() if is_black])
        rows, entries = blackening.rows(self.rows), blackening.entries(self.entries)
        is_whole, says_who = self.copy.kind is CopyKind.ACCESS, "dealings" not in self._left_out
        given = list_disclosures_of(subject.id, self._by.scope) if is_whole and subject.is_learner and says_who else []
        told = list_looks(entries, readable_names(subject, self._by.scope), self._left_out) if says_who else []
        categories = copied_categories(rows, lang, subject.kind)
        return Contents(
            school=current_school().name,
            questions_email=current_policy().controller.questions_email,
            kind=subject.kind,
            name=subject.name,
            number=subject.number,
            language=lang,
            made_at=now(),
            categories=[each for each in categories if each.key not in self._left_out],
            looks=told,
            given=told_disclosures(given, lang),
            signed=told_signed(list_signed_rows(subject)) if is_whole else [],
            deeds=list_deeds(subject) if is_whole else [],
            is_part=bool(self._left_out),
            withheld=[*told_withheld(subject.kind), *told_left_out(self._left_out, lang)] if is_whole else [],
            blacked_out=blackening.count,
        )

    def files(self, contents: Contents) -> Iterator[File]:
        """Yield the stored files of what a copy holds, each by a name that says of which row it is."""
        held = contents.places
        for row in (each for each in self.rows if each.table.name not in _NOT_HERS):
            for column, value in row.values.items():
                is_held = isinstance(value, UUID) and (row.id, f"{row.table.name}.{column}") in held
                is_file = is_held and row.table.columns[column].info.get("is_file")
                found = _content_of(value) if is_file else None
                if found is not None:
                    yield f"{row.table.name}-{row.id}{found[0]}", found[1]


def _content_of(file_id: UUID) -> tuple[str, bytes] | None:
    stored = files.get_file(file_id)
    if stored.gone_at is not None:
        return None
    return guess_extension(stored.media_type) or "", b"".join(files.open_file(file_id))


def _place_of(passage: CopyPassage) -> Place:
    return Place(passage.field, passage.row_id, bytes(passage.digest))


def _flag(copy: DataCopy, passages: Iterable[Passage]) -> None:
    """Note the passages that wait for a decision, of those that aren't noted yet."""
    known = {_place_of(each) for each in list_passages(copy)}
    rows = [
        {
            "id": new_id(), "copy_id": copy.id, "learner_id": copy.learner_id, "kind": each.kind,
            "field": each.place.field, "row_id": each.place.row_id, "digest": each.place.digest,
        }
        for each in passages
        if each.place not in known
    ]  # fmt: skip
    if rows:
        session.execute(insert(CopyPassage), rows)
    copy.state = CopyState.FLAGGED
    session.flush()
    audit.record(
        "requests.copy_flagged",
        learner_id=copy.learner_id,
        subject=("data_copy", copy.id),
        facts={"passages": len(rows)},
    )


def _write(copy: DataCopy, gathered: _Gathered, by: Actor) -> None:
    contents = gathered.contents()
    is_whole = copy.kind is CopyKind.ACCESS
    content = copy_archive(contents, gathered.files(contents)) if is_whole else portable_archive(contents)
    end = datetime.combine(current_policy().file_kept(copy.kind.value).added_to(today()), time.max, AMSTERDAM)
    copy.file_id = files.store(
        content, about=(copy.person_id, _FILE), kind=gathered.subject.kind, media_type="application/zip", expires_at=end
    )
    copy.file_digest, copy.gone_at, copy.blacked_out = files.get_file(copy.file_id).digest, end, contents.blacked_out
    copy.fields = contents.fields
    copy.state, copy.ready_at = CopyState.READY, now()
    session.flush()
    audit.record("requests.copy_made", learner_id=copy.learner_id, subject=("data_copy", copy.id))
    answer_by(copy, by=by)


def end_terms() -> int:
    """End the copies whose term is over; returns how many."""
    over = session.scalars(
        select(DataCopy).where(
            DataCopy.school_id == current_school_id(),
            DataCopy.state.in_([CopyState.READY, CopyState.HANDED_OVER]),
            DataCopy.gone_at <= now(),
        )
    ).all()
    for copy in over:
        if copy.file_id is not None:
            files.remove(copy.file_id)
        copy.file_id, copy.state = None, CopyState.GONE
        audit.record("requests.copy_ended", learner_id=copy.learner_id, subject=("data_copy", copy.id))
    session.flush()
    return len(over)
