"""Forms made from the table of the record's fields: an input of the right kind for each, checked as it is stored."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from wtforms import BooleanField, Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, ValidationError
from wtforms.widgets import DateTimeLocalInput

from portal.core.errors import Invalid
from portal.core.http.forms import Form, InputRequired, named_choices
from portal.core.http.languages import _, _l
from portal.core.values import Unusable, parse_moment
from portal.learners.conditions.queries import may_come_from
from portal.learners.names_in_texts.forms import FreeTextForm
from portal.learners.record.conflicts import as_seen, with_grounds
from portal.learners.record.fields import RecordField
from portal.learners.record.labels import CHANNELS, LANGUAGE_NAMES, MESSAGES, SOURCES
from portal.learners.record.models import Source
from portal.policy.queries import current_policy

_HINTS: dict[str, Any] = {
    "date": _l("Dag, maand en jaar, zoals 1-9-2026"),
    "past_date": _l("Dag, maand en jaar, zoals 4-5-1990"),
    "money": _l("In euro, zoals 125,50"),
    "hours": _l("Uren die al gevolgd waren, zoals 12,5"),
}
_ATTRIBUTES: dict[str, dict[str, str]] = {
    "bsn": {"inputmode": "numeric", "autocomplete": "off"},
    "phone": {"type": "tel", "autocomplete": "off"},
    "email": {"type": "email", "autocomplete": "off"},
    "kvk": {"inputmode": "numeric"},
    "whole": {"inputmode": "numeric"},
    "long": {"rows": "4"},
}
_MOST_GROUND = 300
_SELECT: dict[str, Any] = {"default": "", "invalid_choice_message": MESSAGES["choice_unknown"]}


def text_of(refusal: Invalid) -> str:
    """Return the words for why a value can't be stored."""
    words = str(MESSAGES.get(refusal.code) or _("Vul dit in."))
    return words % refusal.facts if refusal.facts else words


Beside = tuple[str, str, str]


class BareForm(Form):
    """Nothing but the protection against forged posts."""

    messages: ClassVar[Mapping[str, Any]] = MESSAGES


class FieldsForm(Form):
    """A form of some fields of the record; what is masked stays as it is when left empty."""

    messages: ClassVar[Mapping[str, Any]] = MESSAGES
    record_fields: ClassVar[tuple[RecordField, ...]] = ()

    seen = HiddenField()

    def values(self) -> dict[str, Any]:
        """Return the values as they are stored, by field key; of masked fields only what was typed or wiped."""
        found: dict[str, Any] = {}
        for field in self.record_fields:
            typed = self[field.column].data
            if field.is_secret and not typed and not self._wipes(field):
                continue
            found[field.key] = typed if field.kind in {"yes_no", "link"} else field.clean(typed)
            if field.is_secret and self._wipes(field):
                found[field.key] = None
        return found

    def grounds(self) -> dict[str, str]:
        """Return the grounds that were typed, by field key."""
        names = {field.key: f"{field.column}_ground" for field in self.record_fields}
        return {key: self[name].data or "" for key, name in names.items() if name in self}

    def fill(
        self,
        values: Mapping[str, Any],
        grounds: Mapping[str, str | None] | None = None,
        *,
        typed: Collection[str] = (),
    ) -> None:
        """Put stored values in the inputs but for the fields that were `typed`; what is masked stays empty."""
        asked = {key: (grounds or {}).get(key) for key in self.grounds()}
        self.seen.data = as_seen(
            with_grounds({field.key: values.get(field.key) for field in self.record_fields}, asked)
        )
        for field in self.record_fields:
            if field.key in typed:
                continue
            value = values.get(field.key)
            if field.kind == "yes_no":
                self[field.column].data = bool(value)
            elif not field.is_secret:
                self[field.column].data = str(value or "") if field.kind == "link" else field.typed(value)
            if f"{field.column}_ground" in self:
                self[f"{field.column}_ground"].data = (grounds or {}).get(field.key) or ""

    def beside(self, now: Mapping[str, Any], grounds: Mapping[str, str | None], keys: Collection[str]) -> list[Beside]:
        """Return of these fields in words what stands there now and what was typed: label, now, typed."""
        typed, reasons = self.values(), self.grounds()
        rows = []
        for field in self.record_fields:
            if field.key in keys:
                rows.append((str(field.label), field.show(now[field.key]), field.show(typed[field.key])))
            if field.key in keys and field.key in reasons:
                label = str(self[f"{field.column}_ground"].label.text)
                rows.append((label, grounds.get(field.key) or "", reasons[field.key]))
        return [row for row in rows if row[1] != row[2]]

    def _wipes(self, field: RecordField) -> bool:
        name = f"{field.column}_wipe"
        return name in self and bool(self[name].data)


F = TypeVar("F", bound=FieldsForm)


class OriginForm(FreeTextForm, FieldsForm):
    """Fields of a learner, with from whom and by which channel the school has them (MN-02, ST-01)."""

    source = SelectField(_l("Van wie komt dit?"), default=Source.SCHOOL.value)
    channel = SelectField(_l("Hoe kwam het binnen?"), default="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = self._sources()
        self.source.choices = [SelectChoice(source.value, SOURCES[source]) for source in allowed]
        if not self.is_submitted() and Source.SCHOOL not in allowed:
            self.source.data = allowed[0].value
        if allowed == [Source.SCHOOL]:  # it can't come from anybody else, so nobody is asked
            del self.channel, self.source
            return
        channels = {"": _("weet ik niet"), **{key: words for key, words in CHANNELS.items() if key != "import"}}
        self.channel.choices = [SelectChoice(key, words) for key, words in channels.items()]

    def _sources(self) -> list[Source]:
        """Return from whom the school may have any of these fields."""
        policy = current_policy()
        keys = [field.key for field in self.record_fields]
        return [source for source in SOURCES if any(may_come_from(policy, key, source) for key in keys)]

    def origin(self, *, is_new: bool = False) -> dict[str, Any]:
        """Return source and channel, and of a record that was there what was shown of it, for services."""
        shown = {} if is_new else {"seen": self.seen.data or None}
        if "source" not in self:
            return {"source": Source.SCHOOL, "channel": None, **shown}
        return {"source": Source(self.source.data), "channel": self.channel.data or None, **shown}


def make_form(
    base: type[F],
    fields: Iterable[RecordField],
    *,
    links: Mapping[str, Mapping[UUID, str]] | None = None,
    grounded: Iterable[str] = (),
    is_new: bool = False,
) -> type[F]:
    """Return a form with an input for each field; `links` gives the choices of those that point elsewhere.

    `grounded` are the keys of fields that need a ground beside them (OP-04).
    """
    parts: dict[str, Any] = {"record_fields": tuple(fields)}
    written = [field.column for field in parts["record_fields"] if field.is_free_text]
    for field in parts["record_fields"]:
        parts[field.column] = _input(field, (links or {}).get(field.key, {}))
        if field.is_secret and not is_new:
            parts[f"{field.column}_wipe"] = BooleanField(_l("Wis dit nummer"))
        if field.key in set(grounded):
            written.append(f"{field.column}_ground")
            parts[f"{field.column}_ground"] = StringField(
                _l("Waarom mag de school dit bewaren? (%(field)s)", field=field.label),
                validators=[Length(max=_MOST_GROUND)],
            )
    parts["free_texts"] = tuple(written)
    made: type[F] = type("MadeForm", (base,), parts)
    return made


def _input(field: RecordField, links: Mapping[UUID, str]) -> Any:
    if field.kind == "yes_no":
        return BooleanField(field.label)
    kwargs: dict[str, Any] = {
        "label": field.label,
        "description": _HINTS.get(field.kind, ""),
        "render_kw": _ATTRIBUTES.get(field.kind, {}),
        "validators": [_Cleans(field), *([InputRequired(_l("Vul dit in."))] if field.is_required else [])],
    }
    if field.kind == "link":
        options = [SelectChoice("", _l("geen")), *named_choices(links.items())]
        return SelectField(choices=options, **_SELECT, **kwargs)
    if field.kind in {"choice", "language"}:
        return SelectField(choices=[SelectChoice("", _l("niet ingevuld")), *_choices(field)], **_SELECT, **kwargs)
    if field.kind == "long":
        return TextAreaField(**kwargs)
    if field.kind == "moment":
        return StringField(widget=DateTimeLocalInput(), filters=[_as_browsers_write], **kwargs)
    return StringField(**kwargs)


def _choices(field: RecordField) -> list[SelectChoice]:
    if field.kind == "language":
        return [SelectChoice(code, name) for code, name in LANGUAGE_NAMES.items()]
    return [SelectChoice(choice.value, label) for choice, label in field.offered.items()]


def _as_browsers_write(typed: str | None) -> str | None:
    """Return a day with a time as a browser's own input has it; what is none stands as it was typed."""
    try:
        return f"{parse_moment(typed or ''):%Y-%m-%dT%H:%M}"
    except Unusable:
        return typed


class _Cleans:
    """A validator that reads what was typed as it would be stored."""

    def __init__(self, field: RecordField) -> None:
        self.field = field

    def __call__(self, _form: Form, typed: Field) -> None:
        """Raise ValidationError with words for what is wrong; an empty required field is said by its own validator."""
        if self.field.kind == "link" or not typed.data:
            return
        try:
            self.field.clean(typed.data)
        except Invalid as refusal:
            raise ValidationError(text_of(refusal)) from None
