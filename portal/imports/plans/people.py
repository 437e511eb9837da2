"""Who a row is about: by the school's number, else by BSN, else by name with birth date, where a person decides.

A number or a BSN that leads to somebody of quite another name is a person's decision too: it may be mistyped, given
again, or no learner's number at all. Rows about the same person in one file are joined the same way.
"""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from portal.core.db.base import new_id
from portal.imports.plans.likeness import is_named_otherwise, may_be_same, name_parts
from portal.imports.plans.parts import Person, RowResult
from portal.imports.plans.rules import Rules, row_key
from portal.imports.plans.snapshot import Snapshot, name_key
from portal.imports.workbooks.records import Problem, Record

_NAME = "learner.family_name"
_BORN = "learner.birth_date"


class Crowd:
    """Everybody met so far in the file."""

    def __init__(self, snapshot: Snapshot, rules: Rules, labels: "Labels") -> None:
        self.snapshot = snapshot
        self.rules = rules
        self.labels = labels
        self.people: dict[UUID, Person] = {}
        self._by_number: dict[str, Person] = {}
        self._by_bsn: dict[bytes, Person] = {}
        self._by_name: dict[tuple[tuple[str, ...], object], Person] = {}

        self._same_name: dict[tuple[str, ...], list[Person]] = defaultdict(list)

    def place(self, record: Record) -> RowResult:
        """Return the row with the person it is about, or refused when that can't be said."""
        row = RowResult(record, notes=list(record.notes))
        for problem in record.problems:
            row.refuse(problem)
        if self.snapshot.is_restricted(record):
            row.refuse(Problem("", "restricted"))
            return row
        person = self._whose(row)
        if person is None:
            return row
        if self.snapshot.is_withheld(person, record):  # somebody said who it is
            row.refuse(Problem("", "restricted"))
            return row
        row.person = person
        person.rows.append(row)
        self.people.setdefault(person.learner_id, person)
        self._remember(person, record)
        return row

    def _whose(self, row: RowResult) -> Person | None:
        values = row.record.values
        number, bsn = values.get("learner.number"), values.get("learner.bsn")
        if number is not None:
            return self._by_its_number(row, str(number), bsn)
        if bsn is not None:
            return self._by_its_bsn(row, bsn)
        if not values.get(_NAME):
            if row.problems:  # her name may be what couldn't be read
                return None
            row.refuse(Problem(self.labels.of(row.record, _NAME, "learner.full_name"), "no_name"))
            return None
        return self._by_its_name(row)

    def _by_its_number(self, row: RowResult, number: str, bsn: object) -> Person | None:
        met = self._by_number.get(number)
        if met is not None:
            return met
        person = self.snapshot.by_number.get(number)
        known = self._known_by_bsn(bsn)
        problem = self._number_clashes(row.record, number, person, known)
        if problem is not None:
            row.refuse(problem)
            return None
        found = person or known
        return self._agreed(row, found) if found is not None else self._namesake(row)

    def _agreed(self, row: RowResult, person: Person) -> Person | None:
        """Return whom a number or BSN leads to; somebody of another name only where a person said so.

        Who is somebody else after all keeps the name, and gets a number of her own.
        """
        if not is_named_otherwise(person.values, row.record.values):
            return person
        decided = self._decided(row)
        if decided == "new" and "learner.number" in row.record.values:
            number = row.record.values.pop("learner.number")
            row.notes.append(Problem(self.labels.of(row.record, "learner.number"), "number_dropped", {"value": number}))
            return Person(new_id(), is_new=True)
        if decided == str(person.learner_id):
            return person
        self._ask(row, [person], why="number" if "learner.number" in row.record.values else "bsn")
        return None

    def _decided(self, row: RowResult) -> str | None:
        return self.rules.decisions.get(row_key(row.record.sheet, row.record.row))

    def _ask(self, row: RowResult, candidates: list[Person], *, why: str) -> None:
        row.candidates = [person.learner_id for person in candidates]
        who = self.snapshot.names[row.candidates[0]]
        row.refuse(Problem("", "needs_decision", {"who": who, "why": why}))

    def _number_clashes(
        self, record: Record, number: str, person: Person | None, known: Person | None
    ) -> Problem | None:
        """Return why a number and a BSN can't stand in one row: they belong to two people, or to one gone elsewhere."""
        bsn = record.values.get("learner.bsn")
        twin = self._by_bsn.get(self.snapshot.digest(bsn)) if bsn is not None else None
        if twin is not None:
            return Problem(self.labels.of(record, "learner.bsn"), "bsn_of_other_row", {"row": twin.rows[0].record.row})
        if person is not None and known is not None and known is not person:
            return Problem(self.labels.of(record, "learner.bsn"), "bsn_of_other")
        is_taken = number in self.snapshot.merged or (person is not None and self._is_other(person, record))
        if is_taken:
            return Problem(self.labels.of(record, "learner.number"), "number_of_other", {"number": number})
        return None

    def _by_its_bsn(self, row: RowResult, bsn: object) -> Person | None:
        met = self._by_bsn.get(self.snapshot.digest(bsn))
        person = met or self._known_by_bsn(bsn)
        if person is None:
            return self._namesake(row)
        if self._is_other(person, row.record):
            code = "bsn_of_other" if met is None else "bsn_of_other_row"
            facts: dict[str, object] = {"row": met.rows[0].record.row} if met is not None else {}
            row.refuse(Problem(self.labels.of(row.record, "learner.bsn"), code, facts))
            return None
        return person if met is not None else self._agreed(row, person)

    def _known_by_bsn(self, bsn: object) -> Person | None:
        return None if bsn is None else self.snapshot.by_bsn.get(self.snapshot.digest(bsn))

    def _by_its_name(self, row: RowResult) -> Person | None:
        values = row.record.values
        met = self._by_name.get((name_parts(values), values.get(_BORN)))
        if met is not None:
            return met
        undated = next((each for each in self._named(values) if None in {values.get(_BORN), _born(each)}), None)
        if undated is not None and not self.snapshot.alike(values):
            row.refuse(Problem("", "same_name_as_row", {"row": undated.rows[0].record.row}))
            return None
        return self._namesake(row)

    def _named(self, values: dict[str, object]) -> list[Person]:
        """Return who stands in an earlier row with this name, of whatever birth date."""
        return self._same_name.get(name_parts(values), [])

    def _namesake(self, row: RowResult) -> Person | None:
        """Return whom a person decided this is; somebody new where nobody may be her.

        A row whose number or BSN nobody has, while somebody without that one may be her, asks too.
        """
        values, why = row.record.values, "name"
        candidates = [person for person in self.snapshot.alike(values) if may_be_same(person.values, values)]
        if not candidates:
            sounding = self.snapshot.sounds_like(row.record)
            candidates, why = [each for each in sounding if not _differs(each, values)], "sound"
        decided = self._decided(row)
        if not candidates or decided == "new":
            return Person(new_id(), is_new=True)
        chosen = [person for person in candidates if str(person.learner_id) == decided]
        if chosen:
            return chosen[0]
        self._ask(row, candidates, why=why)
        return None

    @staticmethod
    def _is_other(person: Person, record: Record) -> bool:
        """Say whether neither family name nor birth date agree: then a number or BSN was mistyped or given again."""
        known = person.values if person.values else person.rows[0].record.values
        here = record.values
        if not here.get(_NAME) or not here.get(_BORN) or not known.get(_BORN):
            return False
        return name_key(here)[0] != name_key(known)[0] and here[_BORN] != known[_BORN]

    def _remember(self, person: Person, record: Record) -> None:
        values = record.values
        if "learner.number" in values:
            self._by_number.setdefault(str(values["learner.number"]), person)
        if "learner.bsn" in values:
            self._by_bsn.setdefault(self.snapshot.digest(values["learner.bsn"]), person)
        if values.get(_NAME):
            self._by_name.setdefault((name_parts(values), values.get(_BORN)), person)
            self._same_name[name_parts(values)].append(person)


def _differs(person: Person, values: Mapping[str, object]) -> bool:
    """Say whether two BSNs say that these are two people."""
    return "learner.bsn" in values and "bsn_digest" in person.values


def _born(person: Person) -> object:
    """Return the birth date that the rows about somebody give."""
    return next((row.record.values[_BORN] for row in person.rows if _BORN in row.record.values), None)


class Labels:
    """The labels of the columns, by sheet and target."""

    def __init__(self, by_sheet: dict[str, dict[str, str]]) -> None:
        self._by_sheet = by_sheet

    def of(self, record: Record, *targets: str) -> str:
        """Return the label of the first of these targets that has a column in the record's sheet; "" for none."""
        labels = self._by_sheet.get(record.sheet, {})
        return next((labels[target] for target in targets if target in labels), "")
