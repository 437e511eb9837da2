"""Who a row is about: by the school's number, else by BSN, else by name with birth date, where a person decides.

Design, "Import matches". Rows about the same person in one file are joined the same way.
"""

from uuid import UUID

from portal.core.db.base import new_id
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
        self._by_name: dict[tuple[str, str, object], Person] = {}

    def place(self, record: Record) -> RowResult:
        """Return the row with the person it is about, or refused when that can't be said."""
        row = RowResult(record)
        for problem in record.problems:
            row.refuse(problem)
        person = self._whose(row)
        if person is None:
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
        return person or known or self._namesake(row)

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
        return person

    def _known_by_bsn(self, bsn: object) -> Person | None:
        return None if bsn is None else self.snapshot.by_bsn.get(self.snapshot.digest(bsn))

    def _by_its_name(self, row: RowResult) -> Person | None:
        values = row.record.values
        met = self._by_name.get((*name_key(values), values.get(_BORN)))
        return met if met is not None else self._namesake(row)

    def _namesake(self, row: RowResult) -> Person | None:
        """Return whom a person decided this is; somebody new where nobody has this name and birth date.

        A row whose number or BSN nobody has, while somebody without that one has her name and birth date, asks too.
        """
        values = row.record.values
        candidates = [person for person in self.snapshot.by_name.get(name_key(values), []) if self._may_be(person, row)]
        decided = self.rules.decisions.get(row_key(row.record.sheet, row.record.row))
        if not candidates or decided == "new":
            return Person(new_id(), is_new=True)
        chosen = [person for person in candidates if str(person.learner_id) == decided]
        if chosen:
            return chosen[0]
        row.candidates = [person.learner_id for person in candidates]
        row.refuse(Problem("", "needs_decision", {"who": self.snapshot.names[row.candidates[0]]}))
        return None

    @staticmethod
    def _may_be(person: Person, row: RowResult) -> bool:
        values = row.record.values
        if "learner.bsn" in values and "bsn_digest" in person.values:
            return False
        born, stored = values.get(_BORN), person.values.get(_BORN)
        if "learner.number" in values:
            return born is not None and born == stored
        return born is None or stored is None or born == stored

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
            self._by_name.setdefault((*name_key(values), values.get(_BORN)), person)


class Labels:
    """The labels of the columns, by sheet and target."""

    def __init__(self, by_sheet: dict[str, dict[str, str]]) -> None:
        self._by_sheet = by_sheet

    def of(self, record: Record, *targets: str) -> str:
        """Return the label of the first of these targets that has a column in the record's sheet; "" for none."""
        labels = self._by_sheet.get(record.sheet, {})
        return next((labels[target] for target in targets if target in labels), "")
