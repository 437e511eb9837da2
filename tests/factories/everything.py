"""Fills every personal column that a school keeps of one learner, and says how each value reads on a page of hers."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import format_date, format_datetime
from sqlalchemy import insert, update

from portal.attendance.models import Status
from portal.attendance.notices.models import AbsenceReason
from portal.core.db.base import Base, new_id
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.personal_data import Sealed
from portal.learners.corrections.models import CorrectionState
from portal.learners.enrolments.models import EndReason
from portal.learners.entries.kinds import KINDS
from portal.learners.record.fields import FIELDS, LEARNER_FIELDS, RecordField
from portal.learners.record.models import FieldOrigin, Learner, Source
from portal.learners.trajectories.models import Act
from portal.learners.waiting_list.models import WaitingEnd
from portal.policy.queries import current_policy
from portal.progress.can_do.models import CanDoSource, CanDoStatement
from portal.progress.labels import PARTS, WORDS
from portal.progress.models import EvaluationKind, ExamPart, LevelSource, Rung, Skill
from portal.purposes.models import StepState
from portal.representation.models import ProofKind, RepresentativeKind
from portal.schools.queries import current_school
from tests.factories.courses import make_course, make_group, make_lesson
from tests.factories.learners import make_contact_person, make_learner, make_organisation
from tests.factories.sealing import sealed

# A value as it is stored, and as it reads; None where another value of the row makes it read so.
Pair = tuple[Any, str | None]
_TYPED = {
    "bsn": "999999990", "phone": "0612345678", "email": "amina@example.org", "postcode": "1234 AB",
    "iban": "NL91ABNA0417164300", "kvk": "69599084", "language": "ar",
}  # fmt: skip


class Everything:
    """One learner with something in every column; `said` is by column what must stand on her pages."""

    def __init__(self) -> None:
        self.said: dict[str, str] = {}
        self._made = 0
        self.withdrawal_id: UUID | None = None
        self.learner = self._learner()
        self._entries()
        self._groups_and_people()
        self._attendance()
        self._progress()
        self._consents()
        self._correction()

    def _day(self) -> date:
        self._made += 1
        return date(2020, 1, 1) + timedelta(days=self._made * 3)

    def _long(self) -> Pair:
        day = self._day()
        return day, str(format_date(day, "long"))

    def _medium(self) -> Pair:
        day = self._day()
        return day, str(format_date(day, "medium"))

    def _moment(self) -> Pair:
        day = self._day()
        moment = datetime(day.year, day.month, day.day, 10, self._made % 60, tzinfo=UTC)
        return moment, str(format_datetime(moment, "d MMMM y HH:mm"))

    def _word(self, name: str) -> Pair:
        self._made += 1
        return (f"{name} {self._made}",) * 2

    def _value(self, field: RecordField) -> Any:
        if field.key == "trajectory.act":
            return Act.WI2021  # a municipality asks of no other act
        if field.choices:
            return list(field.choices)[-1]
        if field.kind in {"date", "past_date"}:
            return date(1990, 5, 4) if field.column == "birth_date" else self._day()
        if field.kind == "moment":
            return self._moment()[0]
        if field.kind == "yes_no":
            return True
        if field.kind in {"money", "hours", "whole"}:
            self._made += 1
            return 1000 + self._made * 7
        return field.clean(_TYPED.get(field.kind, f"{field.column[:8]} {self._day().toordinal()}"))

    def _learner(self) -> Learner:
        policy = current_policy()
        kept = [field for field in LEARNER_FIELDS if policy.allows(field.key)]
        values = {field.column: self._value(field) for field in kept}
        for field in kept:
            self.said[field.key] = field.show(values[field.column])
        grounded = {field.column: f"Grond {field.column}" for field in kept if policy.needs_ground(field.key)}
        learner = make_learner(values.pop("given_name"), values.pop("family_name"), **{**values, "grounds": grounded})
        since, words = self._long()
        origin = {"source": Source.REFERRER, "channel": "phone", "since_on": since}
        session.execute(update(FieldOrigin).where(FieldOrigin.learner_id == learner.id).values(**origin))
        self._say("field_origin", source="wie u aanmeldde", channel="per telefoon", since_on=words)
        if grounded:
            self._say("field_origin", ground=next(iter(grounded.values())))
        return learner

    def _say(self, table: str, **texts: str) -> None:
        self.said |= {f"{table}.{name}": text for name, text in texts.items()}

    def _put(self, table_name: str, links: Mapping[str, Any], **pairs: Pair) -> UUID:
        """Store a row of these values, and remember how those read that the school keeps."""
        table, key = Base.metadata.tables[table_name], new_id()
        row = {"school_id": current_school_id(), "id": key, **links} | {name: pair[0] for name, pair in pairs.items()}
        for column in table.columns:
            if isinstance(column.type, Sealed) and row.get(column.name) is not None:
                row[column.name] = sealed(self.learner.id, column, row, row[column.name])
        session.execute(insert(table).values(row))
        self._say(table_name, **{name: pair[1] for name, pair in pairs.items() if pair[1] is not None})
        return key

    def _origin(self) -> dict[str, Pair]:
        """Return from whom an entry is; the day is its own, so that it is found nowhere else."""
        return {
            "source": (Source.REFERRER, "wie u aanmeldde"),
            "channel": ("phone", "per telefoon"),
            "since_on": self._long(),
        }

    def _entries(self) -> None:
        policy, client = current_policy(), make_organisation("Gemeente Verweg")
        manager = make_contact_person(client, "Kim Klantmanager")
        named = {"client_id": (client.id, client.name), "client_manager_id": (manager.id, manager.name)}
        for kind in KINDS.values():
            if not kind.is_kept(policy):
                continue
            pairs = {}
            for field in kind.fields(policy):
                value = None if field.kind == "link" else self._value(field)
                pairs[field.column] = named[field.column] if field.kind == "link" else (value, field.show(value))
            if policy.allows(f"{kind.name}.statement_shown_at"):
                pairs["statement_shown_at"] = self._moment()
            self._put(kind.name, {"learner_id": self.learner.id}, **pairs, **self._origin())

    def _groups_and_people(self) -> None:
        own = {"learner_id": self.learner.id}
        group = make_group("Groep Zuid", starts_on=date(2019, 1, 1))
        pairs: dict[str, Any] = {
            "starts_on": self._long(), "ends_on": self._long(), "statement_shown_at": self._moment(),
        }  # fmt: skip
        pairs["end_reason"] = (EndReason.ELSEWHERE, "gaat naar een andere school")
        self._put("enrolment", own, group_id=(group.id, group.name), **pairs, **self._origin())
        self._put(
            "waiting_entry",
            {**own, "added_by_name": "Anouk Bos", "added_at": self._moment()[0]},
            course_id=(make_course("Wachtcursus").id, "Wachtcursus"),
            group_id=(make_group("Wachtgroep").id, "Wachtgroep"),
            since_on=self._long(),
            wish=self._word("liefst"),
            ended_on=self._long(),
            end_reason=(WaitingEnd.UNREACHED, "niet te bereiken"),
        )
        days = {"starts_on": self._long(), "ends_on": self._long()}
        moments = {"recorded_at": self._moment(), "ended_at": self._moment()}
        texts = {name: self._word(name) for name in ("name", "email", "proof")}
        texts["categories"] = (
            [current_policy().categories[0].key],
            str(current_policy().categories[0].title.in_language("nl")),
        )
        texts |= {"proof_kind": (ProofKind.EXTRACT, "uittreksel uit het register"), "seen_on": self._long()}
        texts["seen_by_name"] = ("Olga Smit", "Olga Smit")
        self._put("representative", own, kind=(RepresentativeKind.CURATOR, "curator"), **texts, **days, **moments)

    def _attendance(self) -> None:
        if not current_policy().feature("attendance"):
            return
        lesson = make_lesson(make_group("Groep Noord", starts_on=date(2019, 1, 1)), held_on=self._day())
        day = str(format_date(lesson.held_on, "long"))
        links = {"learner_id": self.learner.id, "marked_by_name": "Dora Docent"}
        self._put(
            "attendance_mark",
            links,
            lesson_id=(lesson.id, "Groep Noord"),
            status=(Status.PRESENT, "te laat"),
            late_minutes=(7, "7 minuten te laat"),
            early_minutes=(9, "9 minuten eerder weg"),
            minutes=(101, "101 minuten les"),
            source=("school", "van uw school"),
            marked_at=self._moment(),
        )
        self._absences(links)
        self._put(
            "mark_change",
            {"learner_id": self.learner.id, "changed_by_name": "Dora Docent"},
            lesson_id=(lesson.id, day),
            old_status=(Status.PRESENT, "Eerst: aanwezig"),
            old_late_minutes=(3, "3 minuten te laat"),
            old_early_minutes=(4, "4 minuten eerder weg"),
            new_status=(Status.PRESENT, "Daarna: aanwezig"),
            new_late_minutes=(5, "5 minuten te laat"),
            new_early_minutes=(6, "6 minuten eerder weg"),
            reason=self._word("reden"),
            changed_at=self._moment(),
        )

    def _absences(self, links: Mapping[str, Any]) -> None:
        """Store what can't stand beside a presence: whether an absence was authorised, now and in a change."""
        lesson = make_lesson(make_group("Groep West", starts_on=date(2019, 1, 1)), held_on=self._day())
        away: Pair = (Status.EXCUSED, None)
        moments = {"marked_at": (self._moment()[0], None)}
        self._put(
            "attendance_mark",
            {**links, "lesson_id": lesson.id, "minutes": 0},
            status=away,
            is_authorised=(True, "geoorloofd: met een geldige reden"),
            **moments,
        )
        self._put(
            "absence_notice",
            {"learner_id": self.learner.id, "held_on": lesson.held_on, "starts_at": lesson.starts_at},
            lesson_id=(lesson.id, "Groep West"),
            reason=(AbsenceReason.CARE, "zorg voor een kind"),
            note=self._word("afgemeld omdat"),
            reported_at=self._moment(),
        )
        if current_policy().allows("mark_note.body"):
            self._put(
                "mark_note",
                {"learner_id": self.learner.id, "is_visible": True},
                lesson_id=(lesson.id, "Groep West"),
                body=self._word("notitie bij de les"),
                written_by_name=("Dora Docent", None),
                written_at=self._moment(),
            )
        self._put(
            "mark_change",
            {"learner_id": self.learner.id, "changed_by_name": "Dora Docent", "lesson_id": lesson.id},
            old_status=away,
            old_is_authorised=(False, "Eerst: afgemeld, ongeoorloofd"),
            new_status=away,
            new_is_authorised=(True, "Daarna: afgemeld, geoorloofd"),
            changed_at=(self._moment()[0], None),
        )

    def _progress(self) -> None:
        policy, own = current_policy(), {"learner_id": self.learner.id}
        entered, written = {**own, "entered_by_name": "Dora"}, {**own, "written_by_name": "Dora"}
        toets: Pair = (LevelSource.TEST, str(WORDS[LevelSource.TEST]))
        if policy.feature("levels"):
            skill: Pair = (Skill.SPEAKING, str(WORDS[Skill.SPEAKING]))
            days = {"found_on": self._medium(), "entered_at": self._on_day()}
            self._put("level", entered, skill=skill, level=(Rung.B2, "B2"), source=toets, **days)
            month, set_at = date(2027, 6, 1), self._on_day()
            by_month: Pair = (month, str(format_date(month, "MMMM y")))
            self._put("goal", own, skill=skill, level=(Rung.C1, "C1"), by_month=by_month, set_at=set_at)
            text = "Ik kan spreken als een boek."
            statement = CanDoStatement(skill=Skill.SPEAKING, level=Rung.B2, text=text)
            session.add(statement)
            session.flush()
            ja: Pair = (CanDoSource.TEACHER, "docent: ja")
            days = {"found_on": self._medium(), "is_able": (True, "docent: ja"), "source": ja}
            days["entered_at"] = (self._moment()[0], None)
            self._put("can_do", entered, statement_id=(statement.id, text), **days)
        if policy.feature("exams"):
            part: Pair = (ExamPart.ONA, str(PARTS[ExamPart.ONA]))
            days = {"taken_on": self._medium(), "entered_at": self._on_day()}
            more = {"is_passed": (False, "niet geslaagd"), "score": self._word("score"), "level": (Rung.C1, "C1")}
            self._put("exam_result", entered, part=part, source=toets, **days, **more)
        if policy.feature("notes"):
            kind: Pair = (EvaluationKind.FINAL, "Eindevaluatie")
            body, note = self._word("evaluatie"), self._word("notitie")
            days = {"held_on": self._long(), "written_at": self._moment()}
            self._put("evaluation", written, kind=kind, body=body, **days)
            self._put("note", {**written, "is_visible": True}, body=note, written_at=self._moment())

    def _on_day(self) -> Pair:
        moment = self._moment()[0]
        return moment, str(format_date(moment, "medium"))

    def _consents(self) -> None:
        policy = current_policy()
        purpose = next(iter(policy.consent_purposes()), None)
        if purpose is None:
            return
        own, category = {"learner_id": self.learner.id}, policy.categories[0]
        named: dict[str, Pair] = {
            "purpose": (purpose.key, purpose.title.nl), "language": ("nl", None), "is_yes": (True, "Ja gezegd op"),
        }  # fmt: skip
        texts = {name: self._word(name) for name in ("given_by_name", "text_shown")}
        version = {"statement_version_id": current_school().policy_version_id}
        moments = {"given_at": self._moment(), "ended_at": self._moment()}
        consent = self._put("consent", {**own, **version, "is_by_representative": False}, **named, **texts, **moments)
        moments = {"asked_at": (self._moment()[0], None), "done_at": (self._moment()[0], None)}
        self.withdrawal_id = self._put(
            "withdrawal", {**own, "consent_id": consent}, purpose=(purpose.key, purpose.title.nl), **moments
        )
        self._put(
            "withdrawal_step",
            {"withdrawal_id": self.withdrawal_id, "position": 1},
            kind=("delete_category", "Gewist:"),
            subject=(category.key, category.title.nl),
            state=(StepState.DONE, "Klaar"),
            done_at=self._moment(),
        )

    def _correction(self) -> None:
        field = FIELDS["learner.family_name"]
        texts = {name: self._word(name) for name in ("old", "proposed", "remark", "answer")}
        moments = {"proposed_at": self._moment(), "decided_at": self._moment()}
        state: Pair = (CorrectionState.REFUSED, "niet overgenomen")
        self._put("correction", {"learner_id": self.learner.id, "field": field.key}, state=state, **texts, **moments)
