"""What *Mijn gegevens* shows that a record doesn't say: each field with its origin, its reason and what waits."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from portal.core.audit.queries import Entry, folded
from portal.core.http.access import Actor, require_actor
from portal.core.http.languages import _, _n, comma, written
from portal.learners.origins.queries import Noted, Origin
from portal.learners.own_record.queries import OwnCategory, OwnField, OwnGroup
from portal.learners.record.labels import CHANNELS, ON_BEHALF
from portal.learners.record.models import Source
from portal.overview.my_data.queries import AboutCategory, MyData
from portal.policy.labels import labels_in
from portal.policy.queries import current_policy
from portal.requests.log_names.presenters import staff_line
from portal.requests.log_names.queries import ReadableNames


@dataclass(kw_only=True, slots=True)
class FieldView:
    """A field as its owner reads it; each text is "" where there is nothing to say.

    `origin` is from whom and since when the school has it, `why` on which ground or condition it is kept, `note` what
    is said of a change that waits (`waits`) or was answered. What is secret is masked. `is_verbatim`: a browser's
    translation would spoil it.
    """

    name: str
    label: str
    value: str
    origin: str
    why: str
    note: str
    waits: bool
    may_change: bool
    is_secret: bool
    is_verbatim: bool


@dataclass(kw_only=True, slots=True)
class CategoryView:
    """A category with its fields, and what holds for all of them."""

    key: str
    title: str
    fields: list[FieldView]
    about: AboutCategory


_WRITTEN_AS_ONE = (
    frozenset({"given_name", "name_prefix", "family_name"}),
    frozenset({"street", "house_number"}),
    frozenset({"postcode", "city"}),
)
"""Columns whose values stand beside each other as one reads them aloud."""

_LESSONS = frozenset({"trajectory", "intake", "attendance", "evidence", "level", "exam", "progress"})
"""Categories without fields of her record that are about her lessons."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """A category in a line: what is held, or until when, each part with whether a browser's translation would spoil
    it; `waits`: a change of hers waits for the school."""

    key: str
    title: str
    line: list[tuple[str, bool]]
    waits: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Overview:
    """The subjects by what they are about; those about herself stand there also while they are empty, to fill in."""

    about_her: list[Subject]
    lessons: list[Subject]
    others: list[Subject]
    empty: list[Subject]


def present_overview(data: MyData) -> Overview:
    """Return what is held on a learner, a line a subject, in the order of the policy."""
    fields = {category.face.key: category.fields for category in data.record.categories}
    overview = Overview(about_her=[], lessons=[], others=[], empty=[])
    for key, about in data.about.items():
        subject = _subject(data, about, fields.get(key, []))
        if key in fields:
            overview.about_her.append(subject)
        elif not about.is_held:
            overview.empty.append(subject)
        elif key in _LESSONS:
            overview.lessons.append(subject)
        else:
            overview.others.append(subject)
    return overview


def _subject(data: MyData, about: AboutCategory, fields: list[OwnField]) -> Subject:
    parts = _parts(fields)
    key = about.face.key
    parts += [
        (_n("%(num)s keer iets bewaard", "%(num)s keer iets bewaard", len(each.entries)), False)
        for each in data.record.entries
        if each.category == key
    ]
    if data.record.groups and data.about_groups.face.key == key:
        parts += [(group.name, True) for group in data.record.groups]
    if data.coach is not None and data.about_coach.face.key == key:
        parts.append((_("begeleider: %(name)s", name=data.coach.name), True))
    waits = any(field.waiting is not None for field in fields)
    return Subject(key=key, title=about.face.title, line=parts or [(_kept(about), False)], waits=waits)


def _parts(fields: list[OwnField]) -> list[tuple[str, bool]]:
    """Return the values of fields; those that are written as one, a name or a line of an address, are one part."""
    parts: list[tuple[str, bool]] = []
    last: frozenset[str] | None = None
    for field in fields:
        if not field.text:
            continue
        column, stays = field.face.field.column, field.face.field.is_verbatim
        whole = next((each for each in _WRITTEN_AS_ONE if column in each), None)
        if whole is not None and whole is last:
            parts[-1] = (f"{parts[-1][0]} {field.text}", parts[-1][1] or stays)
        else:
            parts.append((field.text, stays))
        last = whole
    return parts


def _kept(about: AboutCategory) -> str:
    """Return what is said where no value stands in a line: until when it is kept."""
    if not about.is_held:
        return _("niets bewaard")
    if about.is_running:
        return _("bewaard zolang het traject loopt")
    if about.until is None:
        return about.face.term
    day = written("date", about.until)
    return _("te lang bewaard: tot %(day)s", day=day) if about.is_over else _("bewaard tot %(day)s", day=day)


def present_categories(data: MyData) -> list[CategoryView]:
    """Return the categories of a record, each with its fields."""
    return [_category(category, data.about) for category in data.record.categories]


def _category(category: OwnCategory, about: Mapping[str, AboutCategory]) -> CategoryView:
    face = category.face
    return CategoryView(key=face.key, title=face.title, fields=_fields(category.fields), about=about[face.key])


def _fields(fields: Iterable[OwnField]) -> list[FieldView]:
    return [
        FieldView(
            name=field.face.field.column,
            label=field.face.label,
            value=field.text,
            origin=origin_label(field.origin) if field.origin is not None and field.text else "",
            why=(field.origin.ground if field.origin is not None else None) or field.face.condition,
            note=_note(field) if field.waiting or field.answered else "",
            waits=field.waiting is not None,
            may_change=field.face.may_change,
            is_secret=field.face.field.is_secret,
            is_verbatim=field.face.field.is_verbatim,
        )
        for field in fields
    ]


def changed_labels(entry: Entry, sees: Collection[str]) -> list[str]:
    """Return what the fields are called that an entry says were changed, of the categories that one sees."""
    policy = current_policy()
    kept = (key for key in entry.changes or () if (held := policy.category_of(key)) is not None and held.key in sees)
    return [str(label) for label in labels_in(tuple(sorted(kept)))]


def who_did(entry: Entry, reader: Actor, names: ReadableNames) -> str:
    """Return who did something, said to who reads it: she herself, whom she acts for, who acts for her, or staff.

    Staff stand there by name or by role: `portal.requests.log_names` says which.
    """
    if entry.actor_kind == "learner":
        return _("%(name)s zelf", name=reader.acts_for) if reader.acts_for else _("U")
    if entry.actor_kind == "representative":
        if not reader.represents:
            return _("Uw vertegenwoordiger")
        return _("U") if entry.actor_id == reader.account_id else _("Een andere vertegenwoordiger")
    return staff_line(entry, names).who if entry.actor_kind == "staff" else _("Het portaal zelf")


def by_who_looked(
    looks: Iterable[Entry], reader: Actor, names: ReadableNames
) -> list[tuple[str, list[tuple[Entry, int]]]]:
    """Return looks at a record by its learner or who acts for her, by who looked, under words for that, folded."""
    found: dict[str, list[Entry]] = {}
    for entry in looks:
        who = who_did(entry, reader, names)
        title = _("Hier keek u zelf") if who == _("U") else _("Wat zag: %(who)s", who=who)
        found.setdefault(title, []).append(entry)
    return [(title, folded(entries)) for title, entries in found.items()]


def origin_label(of: OwnGroup | Origin | Noted) -> str:
    """Return from whom, by which channel and since when the school has something, said to the learner."""
    return f"{_from(of.source, of.channel)}{comma()}{written('date', of.since_on)}"


def _from(source: Source, channel: str | None) -> str:
    name = require_actor().acts_for
    if channel == ON_BEHALF and source is Source.LEARNER:
        return _("wie voor %(name)s handelt", name=name) if name else _("wie voor u handelt")
    if name:
        said = {Source.LEARNER: _("%(name)s zelf", name=name), Source.REFERRER: _("wie %(name)s aanmeldde", name=name)}
    else:
        said = {Source.LEARNER: _("uzelf"), Source.REFERRER: _("wie u aanmeldde")}
    who = said.get(source) or _("uw school")
    return f"{who} {CHANNELS[channel]}" if channel in CHANNELS else who


def _note(field: OwnField) -> str:
    """Return what is said of a change that waits, or of the last answer."""
    if field.waiting is not None:
        day, value = written("date", field.waiting.proposed_at.date()), field.waiting.proposed or _("leeg maken")
        return _("U vroeg op %(day)s om: %(value)s. De school kijkt ernaar.", day=day, value=value)
    answered = field.answered
    if answered is None:
        return ""
    day = written("date", answered.proposed_at.date())
    if answered.state == "accepted":
        said = _("Uw wijziging van %(day)s is overgenomen.", day=day)
    else:
        said = _("Uw wijziging van %(day)s is niet overgenomen.", day=day)
    return f"{said} {_('De school schrijft: %(answer)s', answer=answered.answer)}" if answered.answer else said
