"""What the pages of a review show that a row doesn't say: each person's roles with their forms, and the state of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from portal.accounts.labels import ROLES
from portal.core.clock import today
from portal.core.errors import Invalid
from portal.core.http.languages import _
from portal.oversight.access_reviews.forms import ENDS, STAYS, YES, MeasureForm, RoleForm, SignForm
from portal.oversight.access_reviews.models import Measure
from portal.oversight.access_reviews.queries import Person, PersonChange, due_on
from portal.oversight.access_reviews.services import Attested, Decision, Decisions, field_of
from portal.permissions import Role

WARNED_FOR = timedelta(days=14)


@dataclass(frozen=True)
class ReviewState:
    """Whether a review is due: when the last was signed, by when the next one is to be."""

    signed_on: date | None
    due_on: date

    @property
    def is_late(self) -> bool:
        """Say whether a quarter went by without one."""
        return self.signed_on is None or self.due_on < today()

    @property
    def asks_attention(self) -> bool:
        """Say whether it is time for the next one."""
        return self.is_late or self.due_on - WARNED_FOR <= today()


def state_of(signed_on: date | None) -> ReviewState:
    """Return whether a review is due, by when the last was signed."""
    return ReviewState(signed_on, due_on(signed_on))


def _role_form(account_id: UUID, role: Role) -> RoleForm:
    form = RoleForm(prefix=f"{field_of(str(account_id), role)}-")
    form.decision.label.text = _("%(role)s: nog nodig?", role=str(ROLES[role]).capitalize())
    return form


@dataclass(frozen=True)
class ReviewForms:
    """The forms on the page: of each role, of each measure, and the signature."""

    people: Sequence[Person]
    roles: Mapping[tuple[UUID, Role], RoleForm]
    measures: Mapping[Measure, MeasureForm]
    sign: SignForm
    changes: Sequence[PersonChange] = ()

    @classmethod
    def of(cls, people: Sequence[Person]) -> "ReviewForms":
        """Make the forms of these people's roles, with what was filled in."""
        return cls(
            people=people,
            roles={
                (held.account_id, held.role): _role_form(held.account_id, held.role)
                for person in people
                for held in person.roles
            },
            measures={measure: MeasureForm(prefix=f"{measure.value}-") for measure in Measure},
            sign=SignForm(),
        )

    @property
    def keys(self) -> str:
        """Which roles the page shows, as the form remembers them."""
        return " ".join(held.key for person in self.people for held in person.roles)

    @property
    def wrong(self) -> int:
        """How many parts of the form aren't right yet."""
        return sum(bool(each.errors) for each in (*self.roles.values(), *self.measures.values(), self.sign))

    def validate(self) -> bool:
        """Say whether each of the forms is right."""
        answers = [each.validate() for each in (*self.roles.values(), *self.measures.values(), self.sign)]
        return all(answers)

    def refuse(self, refusal: Invalid) -> None:
        """Put a service's refusal beside the role or measure that it is about."""
        named = {field_of(str(account_id), role): form for (account_id, role), form in self.roles.items()}
        form = named.get(refusal.field)
        if form is not None:
            form.decision.errors = [*form.decision.errors, form.message_for(refusal)]
        elif refusal.field in {each.value for each in Measure}:
            measure = self.measures[Measure(refusal.field)]
            measure.note.errors = [*measure.note.errors, measure.message_for(refusal)]

    @property
    def decisions(self) -> Decisions:
        """Return what was decided on each role."""
        return {
            key: Decision(
                stays=form.decision.data == STAYS,
                last_day=None if form.decision.data in {STAYS, ENDS} else form.ends_on.data,
            )
            for key, form in self.roles.items()
        }

    @property
    def attested(self) -> Mapping[Measure, Attested]:
        """Return what was said of each measure."""
        return {measure: Attested(form.answer.data == YES, form.note.data) for measure, form in self.measures.items()}
