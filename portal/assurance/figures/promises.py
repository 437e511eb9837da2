"""Which figures show each promise of a school: they follow from where its policy cites the promise."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from portal.assurance.figures.keys import Figure, FigureKey
from portal.contacts.subscriptions.models import NEWSLETTER, SERVICE_NEWS
from portal.policy.queries import kept_by_policy
from portal.policy.schema import Policy
from portal.policy.schema.categories import Purpose, Term
from portal.policy.schema.parts import Rule
from portal.policy.schema.periods import Anchor
from portal.policy.schema.recipients import Template
from portal.policy.schema.statement import Deadline, Right

_SECTIONS: Mapping[str, tuple[FigureKey, ...]] = {
    "intro": (FigureKey.STATEMENT_RECORDED,),
    "only_these": (FigureKey.KEPT_CATEGORIES,),
    "interests": (FigureKey.CONSENTS_ASKED,),
    "sources": (FigureKey.SOURCES_KNOWN, FigureKey.TOLD_IN_TIME),
    "children": (FigureKey.CONSENTS_BY_PARENT,),
    "sharing": (FigureKey.FILES_BY_POLICY, FigureKey.RECIPIENTS_AGREED),
    "access": (
        FigureKey.LOOKS_BY_ROLE,
        FigureKey.CONFIDENTIALITY_ACCEPTED,
        FigureKey.ROLES_ENDED,
        FigureKey.TRAIL_WHOLE,
    ),
    "cookies": (FigureKey.COOKIES_NEEDED,),
    "changes": (FigureKey.VERSIONS_ANNOUNCED,),
    "automated": (FigureKey.DECIDED_BY_PERSON,),
    "keeping": (FigureKey.ERASURES_KEPT,),
    "backups": (FigureKey.BACKUPS_MADE, FigureKey.RESTORE_TRIED, FigureKey.ERASURES_KEPT),
    "identity": (FigureKey.DOCUMENTS_DESTROYED,),
    "own_data": (FigureKey.CORRECTIONS_ANSWERED,),
    "newsletter": (FigureKey.CONSENTS_ASKED, FigureKey.NEWS_ASKED, FigureKey.NEWS_WANTED),
    "questions": (),  # what is held of who asks something has figures of its own
}
_RIGHTS: Mapping[str, tuple[FigureKey, ...]] = {
    "access": (FigureKey.FILES_GONE,),
    "portability": (FigureKey.FILES_GONE,),
    "rectification": (FigureKey.CORRECTIONS_ANSWERED,),
    "erasure": (FigureKey.ERASURES_KEPT,),
    "restriction": (FigureKey.RESTRICTIONS_KEPT,),
    "objection": (FigureKey.OBJECTIONS_KEPT,),
    "consent_withdrawal": (FigureKey.WITHDRAWALS_DONE,),
}


def _of_section(section: Any) -> Iterator[Figure]:
    yield from map(Figure, _SECTIONS.get(section.key, (FigureKey.KEPT_CATEGORIES,)))


def _of_purpose(purpose: Purpose) -> Iterator[Figure]:
    yield Figure(FigureKey.FILES_BY_POLICY)
    if purpose.asks_consent:
        yield from map(Figure, (FigureKey.CONSENTS_ASKED, FigureKey.CONSENT_FIRST, FigureKey.FILES_WITH_CONSENT))
    if purpose.may_be_objected_to:
        yield Figure(FigureKey.OBJECTIONS_KEPT)
    if purpose.key in (NEWSLETTER, SERVICE_NEWS):
        yield from map(Figure, (FigureKey.NEWS_ASKED, FigureKey.NEWS_WANTED))


def _of_term(term: Term) -> Iterator[Figure]:
    yield Figure(FigureKey.PAST_TERM, term.key)
    if any(stage.then == "deidentify" for stage in term.stages):
        yield Figure(FigureKey.RECORDS_GONE)


def _of_template(template: Template) -> Iterator[Figure]:
    yield from map(Figure, (FigureKey.FILES_BY_POLICY, FigureKey.FILES_LOGGED))
    if "paid_by_recipient" in template.only:
        yield Figure(FigureKey.FILES_OF_CLIENT)


def _of_right(right: Right) -> Iterator[Figure]:
    yield from _of_request(right.key)
    yield Figure(FigureKey.IDENTITY_CHECKED)
    yield from map(Figure, _RIGHTS.get(right.key, ()))


def _of_deadline(deadline: Deadline) -> Iterator[Figure]:
    for kind in deadline.kinds:
        yield from _of_request(kind)


def _of_request(kind: str) -> Iterator[Figure]:
    """Yield what shows that a request of a kind has its answer in time; of two kinds another figure says it."""
    if kind == "complaint":
        yield Figure(FigureKey.COMPLAINTS_IN_TIME)
    elif kind != "consent_withdrawal":
        yield Figure(FigureKey.ANSWERED_IN_TIME, kind)


def _always(*keys: FigureKey) -> Callable[[Any], Iterator[Figure]]:
    return lambda _part: iter([Figure(key) for key in keys])


_TABLES: Mapping[str, Callable[[Any], Iterator[Figure]]] = {
    "sections": _of_section,
    "purposes": _of_purpose,
    "terms": _of_term,
    "contacts": lambda use: iter([Figure(FigureKey.CONTACTS_PAST_TERM, use.key)]),
    "accountability": _always(FigureKey.ERASURES_KEPT, FigureKey.RECORDS_GONE),
    "categories": _always(FigureKey.KEPT_CATEGORIES),
    "conditions": lambda condition: iter([Figure(FigureKey.CONDITIONS_MET, condition.key)]),
    "checked": _always(FigureKey.CORRECTIONS_ANSWERED),
    "sharing": _always(FigureKey.RECIPIENTS_AGREED, FigureKey.RECIPIENTS_IN_COUNTRY, FigureKey.FILES_WITH_CONSENT),
    "never": _always(FigureKey.FILES_BY_POLICY),
    "recipients": _always(FigureKey.FILES_BY_POLICY, FigureKey.FILES_LOGGED, FigureKey.RECIPIENTS_AGREED),
    "templates": _of_template,
    "rights": _of_right,
    "deadlines": _of_deadline,
    "masks": _always(FigureKey.DOCUMENTS_DESTROYED),
    "complaints": _always(FigureKey.COMPLAINTS_IN_TIME),
    "confidentiality": _always(FigureKey.CONFIDENTIALITY_ACCEPTED),
    "security": _always(
        FigureKey.SECOND_FACTOR,
        FigureKey.TRAIL_WHOLE,
        FigureKey.ACCESS_REVIEWED,
        FigureKey.MEASURES_IN_PLACE,
        FigureKey.INCIDENTS_IN_TIME,
        FigureKey.INCIDENTS_TOLD,
    ),
    "audit": _always(FigureKey.TRAIL_WHOLE, FigureKey.RECORDS_GONE),
    "staff": _always(FigureKey.ROLES_ENDED),
    "changes": _always(FigureKey.VERSIONS_ANNOUNCED),
}


@kept_by_policy
def figures_by_promise(policy: Policy) -> Mapping[str, tuple[Figure, ...]]:
    """Return the figures that show each promise which the policy cites, by its id in order; each figure once."""
    found: dict[str, dict[Figure, None]] = {}
    for table, part in _parts(policy):
        for promise in part.promises:
            of_part = [figure for figure in _TABLES[table](part) if _is_measured(policy, figure)]
            found.setdefault(promise, {}).update(dict.fromkeys(of_part))
    activity = policy.category("activity")
    for part in (activity, policy.term(activity.term)) if activity is not None else ():
        for promise in part.promises:
            found[promise][Figure(FigureKey.ACTIVITY_GONE)] = None
    return {promise: tuple(found[promise]) for promise in sorted(found)}


_OF_ROWS: frozenset[Anchor] = frozenset({"recorded", "withdrawn"})
"""Days of rows that have a figure of their own, or that go at once."""


def _is_measured(policy: Policy, figure: Figure) -> bool:
    """Say whether anything that the school can hold by its policy could turn a figure red."""
    match figure.key:
        case FigureKey.PAST_TERM:
            return any(set(stage.counted_from) - _OF_ROWS for stage in policy.term(figure.subject).stages)
        case FigureKey.FILES_WITH_CONSENT:
            return bool(policy.consent_purposes())
        case FigureKey.CONSENT_FIRST:
            return any(policy.consent_for_field(field) is not None for field in policy.fields)
    return True


@kept_by_policy
def figures_of(policy: Policy) -> tuple[Figure, ...]:
    """Return every figure that shows a promise of the policy, each once."""
    return tuple(dict.fromkeys(figure for each in figures_by_promise(policy).values() for figure in each))


def _parts(policy: Policy) -> Iterator[tuple[str, Rule]]:
    """Yield each part of a policy that can cite promises, with the table in which it stands."""
    for table in type(policy).model_fields:
        value = getattr(policy, table)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Rule):
                yield table, part
    yield from (("never", never) for never in policy.sharing.never)
