"""What changed between two versions of a policy, in facts; words belong to the page.

What readers look for has a kind of its own; every other change of the file is told by the part that it is in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from portal.policy.schema.comparison import compare
from portal.policy.schema.policy import Policy
from portal.policy.schema.texts import Text

Kind = Literal[
    "category_added",
    "category_removed",
    "fields_added",
    "fields_removed",
    "term_changed",
    "purpose_added",
    "purpose_removed",
    "basis_changed",
    "recipient_added",
    "recipient_removed",
    "recipient_gets_more",
    "recipient_gets_less",
    "audit_term_changed",
    "looks_changed",
    "deadline_changed",
    "right_added",
    "right_removed",
    "part_changed",
]
_TOLD = {
    "categories": {"fields"},
    "purposes": {"basis"},
    "recipients": {"categories"},
    "deadlines": {"within"},
    "rights": set[str](),
}
"""Keyed parts of which some values have a kind of their own, and where named so also that one came or went."""
_AT_THE_HEAD = frozenset({"version", "in_force_on", "updated_on"})
"""What the head of the statement says of itself."""


@dataclass(frozen=True)
class Difference:
    """One thing that changed: what kind of change, of what, and what was added or taken away.

    `title` is the changed part's own; `entries` are keys of fields, categories or rights; `old` and `new` are texts.
    Of a changed part `entries` are the section of the file, the part's key where it has one, and the name in it.
    """

    kind: Kind
    title: Text | None = None
    entries: tuple[str, ...] = ()
    old: Any = None
    new: Any = None


def differences(older: Policy, newer: Policy) -> list[Difference]:
    """Return what changed from one version to the next, in the order in which the statement tells it."""
    return [
        *_categories(older, newer),
        *_purposes(older, newer),
        *_recipients(older, newer),
        *_requests(older, newer),
        *_audit(older, newer),
        *_others(older, newer),
    ]


def _added_and_removed(older: Any, newer: Any, name: str) -> Iterator[Difference]:
    was = {part.key: part for part in older}
    is_now = {part.key: part for part in newer}
    added: Any = f"{name}_added"
    removed: Any = f"{name}_removed"
    for key, part in is_now.items():
        if key not in was:
            yield Difference(added, title=getattr(part, "title", None), entries=(key,))
    for key, part in was.items():
        if key not in is_now:
            yield Difference(removed, title=getattr(part, "title", None), entries=(key,))


def _categories(older: Policy, newer: Policy) -> Iterator[Difference]:
    yield from _added_and_removed(older.categories, newer.categories, "category")
    for category in newer.categories:
        was = older.category(category.key)
        if was is None:
            continue
        more = tuple(entry for entry in category.entries if entry not in was.entries)
        less = tuple(entry for entry in was.entries if entry not in category.entries)
        if more:
            yield Difference("fields_added", title=category.title, entries=more)
        if less:
            yield Difference("fields_removed", title=category.title, entries=less)
        old, new = older.term_for(category.key), newer.term_for(category.key)
        if (old.stages, old.until_asked, old.law) != (new.stages, new.until_asked, new.law):
            yield Difference("term_changed", title=category.title, old=old.title, new=new.title)


def _purposes(older: Policy, newer: Policy) -> Iterator[Difference]:
    yield from _added_and_removed(older.purposes, newer.purposes, "purpose")
    was = {purpose.key: purpose for purpose in older.purposes}
    for purpose in newer.purposes:
        old = was.get(purpose.key)
        if old is not None and old.basis != purpose.basis:
            yield Difference("basis_changed", title=purpose.title, old=old.basis, new=purpose.basis)


def _recipients(older: Policy, newer: Policy) -> Iterator[Difference]:
    yield from _added_and_removed(older.recipients, newer.recipients, "recipient")
    was = {recipient.key: recipient for recipient in older.recipients}
    for recipient in newer.recipients:
        old = was.get(recipient.key)
        if old is None:
            continue
        more = tuple(key for key in recipient.categories if key not in old.categories)
        less = tuple(key for key in old.categories if key not in recipient.categories)
        if more:
            yield Difference("recipient_gets_more", title=recipient.title, entries=more)
        if less:
            yield Difference("recipient_gets_less", title=recipient.title, entries=less)


def _requests(older: Policy, newer: Policy) -> Iterator[Difference]:
    yield from _added_and_removed(older.rights, newer.rights, "right")
    was = {kind: deadline.within for deadline in older.deadlines for kind in deadline.kinds}
    is_now = {kind: deadline.within for deadline in newer.deadlines for kind in deadline.kinds}
    for kind, within in is_now.items():
        if kind in was and was[kind] != within:
            yield Difference("deadline_changed", entries=(kind,), old=was[kind], new=within)


def _audit(older: Policy, newer: Policy) -> Iterator[Difference]:
    if older.audit.term != newer.audit.term:
        yield Difference("audit_term_changed", old=older.audit.term, new=newer.audit.term)
    if older.audit.looks != newer.audit.looks:
        yield Difference("looks_changed", old=older.audit.looks, new=newer.audit.looks)


def _others(older: Policy, newer: Policy) -> Iterator[Difference]:
    """Yield each part with a change that has no kind of its own, once for each name in it."""
    found: dict[tuple[str, ...], Difference] = {}
    for change in compare(older, newer):
        section, *names = change.path.split(".")
        is_keyed = isinstance(getattr(newer, section), tuple) and section != "languages"
        entries = (section, *names[: 2 if is_keyed else 1])
        if section not in _AT_THE_HEAD and not _is_told(entries):
            key = names[0] if is_keyed and names else None
            title = _title(older, newer, section, key)
            old, new = (_text_of(policy, entries) for policy in (older, newer))
            told = {"old": old, "new": new} if old is not None and new is not None else {}
            found.setdefault(entries, Difference("part_changed", title=title, entries=entries, **told))
    yield from found.values()


def _text_of(policy: Policy, entries: tuple[str, ...]) -> Text | None:
    """Return the text of a keyed part's name, such as the question of a purpose; None where it is no text."""
    if len(entries) != len(("section", "key", "name")):
        return None
    section, key, name = entries
    text = next((getattr(each, name, None) for each in getattr(policy, section) or () if each.key == key), None)
    return text if isinstance(text, Text) else None


def _is_told(entries: tuple[str, ...]) -> bool:
    section, names = entries[0], entries[1:]
    if section == "audit":
        return names[:1] in (("term",), ("looks",))
    told = _TOLD.get(section)
    came_or_went = len(names) == 1 and section != "deadlines"
    return told is not None and bool(names) and (came_or_went or names[-1] in told)


def _title(older: Policy, newer: Policy, section: str, key: str | None) -> Text | None:
    if key is None:
        return None
    parts = [part for policy in (newer, older) for part in getattr(policy, section) or () if part.key == key]
    return getattr(parts[0], "title", None) if parts else None
