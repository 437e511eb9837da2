"""What the pages of a request say beyond its row: how far it is, what comes next, and until when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from portal.core.clock import local, today
from portal.core.http.languages import LANGUAGES, _, _l, _n, comma, in_language, language, written
from portal.core.personal_data import PersonKind
from portal.disclosures.recipients.queries import ToldRecipient
from portal.policy.presenters import staff_term_of
from portal.policy.queries import current_policy
from portal.policy.schema.statement import StaffData
from portal.requests.answers.grounds import GROUNDS, Ground, GroundText
from portal.requests.data_requests.identity import NO_IDENTITY
from portal.requests.data_requests.labels import KINDS, RESTRICTION_REASONS, STAYS
from portal.requests.data_requests.models import DataRequest, Outcome, RequestAnswer, RequestKind
from portal.requests.data_requests.parts import (
    is_carried_out,
    is_still_here,
    purposes_about,
    staff_part,
    staff_parts_of,
    stopped_by_hand,
    stopping_at_once,
)
from portal.requests.data_requests.queries import SOON
from portal.requests.log_names.presenters import look_titles


class State(StrEnum):
    """Where a request stands."""

    IDENTITY = "identity"
    OPEN = "open"
    IN_HAND = "in_hand"
    SECOND = "second"
    ANSWERED = "answered"
    TO_DO = "to_do"
    WITHDRAWN = "withdrawn"
    JOINED = "joined"
    CLOSED = "closed"


STATES = {
    State.IDENTITY: _l("wacht op wie dit vraagt"),
    State.OPEN: _l("nog niet opgepakt"),
    State.IN_HAND: _l("in behandeling"),
    State.SECOND: _l("wacht op een tweede persoon"),
    State.ANSWERED: _l("beantwoord, bestand ligt klaar"),
    State.TO_DO: _l("toegewezen, nog te doen"),
    State.WITHDRAWN: _l("teruggenomen"),
    State.JOINED: _l("samengevoegd"),
    State.CLOSED: _l("klaar"),
}


def state_of(request: DataRequest) -> State:
    """Return where a request stands, from what is stored."""
    if request.withdrawn_at is not None:
        return State.WITHDRAWN
    if request.joined_to_id is not None:
        return State.JOINED
    if request.closed_at is not None:
        return State.CLOSED
    if request.is_left_to_do:
        return State.TO_DO
    if request.decided_at is not None:
        return State.ANSWERED
    if request.identity_check is None and request.kind not in NO_IDENTITY:
        return State.IDENTITY
    if request.proposed_by is not None:
        return State.SECOND
    return State.IN_HAND if request.handled_by is not None else State.OPEN


@dataclass(frozen=True)
class Remaining:
    """How long there is until the day of an answer, in words, and how near that is: "", "wait" or "bad"."""

    text: str
    kind: str


def remaining(request: DataRequest) -> Remaining | None:
    """Return how many days there are; None for a request that has its answer."""
    return remaining_until(request.due_on) if request.is_undecided else None


def remaining_until(due_on: date) -> Remaining:
    """Return how many days there are until a day, or since."""
    days = (due_on - today()).days
    if days < 0:
        return Remaining(_n("%(num)s dag te laat", "%(num)s dagen te laat", -days), "bad")
    if days == 0:
        return Remaining(_("vandaag"), "bad")
    text = _n("nog %(num)s dag", "nog %(num)s dagen", days)
    return Remaining(text, "wait" if days <= SOON.days else "")


@dataclass(frozen=True)
class RequestView:
    """A request as a page shows it. `steps` are for `components/parts.html`: what, how far, and a note."""

    request: DataRequest
    title: str
    state: State
    remaining: Remaining | None
    steps: list[tuple[str, str, str]]
    parts: list[str] = field(default_factory=list)
    reason: str = ""
    beyond: list[str] = field(default_factory=list)

    @property
    def state_label(self) -> str:
        """Return where it stands, in words."""
        return str(STATES[self.state])


def view_of(request: DataRequest) -> RequestView:
    """Return a request with the words for it, in the language of the page."""
    return RequestView(
        request=request,
        title=str(kind_of(request)),
        state=state_of(request),
        remaining=remaining(request),
        steps=_steps(request),
        parts=parts_of(request),
        beyond=[str(title_of(request, key)) for key in request.beyond],
        reason=str(RESTRICTION_REASONS.get(request.restriction_ground or "", "")),
    )


def parts_of(request: DataRequest) -> list[str]:
    """Return what a request is about, in words: its categories or purposes; nothing where it is about everything."""
    if request.entry_ids:
        return list(look_titles(request, with_names=False).values())
    return [str(title_of(request, key)) for key in (*request.categories, *request.purposes)]


def kind_of(request: DataRequest) -> Any:
    """Return what is asked, in words."""
    return _("Naam van wie keek") if request.entry_ids else KINDS[request.kind]


def title_of(request: DataRequest, subject: str, *, with_names: bool = False, of_staff: StaffData | None = None) -> Any:
    """Return what a part of a request is called: a purpose, a category, or what is asked where it is all of it.

    Of a look it says when, in which role and what; who it was for those alone who may read it.
    """
    if request.entry_ids:
        return look_titles(request, with_names=with_names).get(subject, _("staat niet meer in het logboek"))
    policy, lang = current_policy(), language()
    of_staff = of_staff or staff_parts_of(request, ()).get(subject)
    if of_staff is not None:
        return policy.text(of_staff.title, lang)
    titles = {each.key: each.title for each in (policy.purposes if request.purposes else policy.categories)}
    return policy.text(titles[subject], lang) if subject in titles else subject or KINDS[request.kind]


def told_answers(
    request: DataRequest, answers: Iterable[RequestAnswer]
) -> list[tuple[Any, RequestAnswer, GroundText | None, str]]:
    """Return the answers to the parts of a request as she reads them: its title, the ground of a no, and a note.

    The note says until when it stays, or who does by hand what the portal doesn't carry out.

    Of a look that she asked about the name stands there where it is given.
    """
    answered = list(answers)
    of_staff = staff_parts_of(request, [each.subject for each in answered])
    return [
        (
            title_of(
                request,
                each.subject,
                with_names=each.outcome is Outcome.GRANTED,
                of_staff=of_staff.get(each.subject),
            ),
            each,
            GROUNDS[Ground(each.ground)] if each.ground else None,
            _note(request, each, of_staff.get(each.subject)),
        )
        for each in answered
    ]


def present_going(request: DataRequest, going: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return what goes for good of these parts, and what of them stays and why, as the desk reads it before it goes."""
    of_staff = staff_parts_of(request, going)
    stays = {key: STAYS[each.kept] for key, each in of_staff.items() if key in going and each.kept in STAYS}
    kept = [f"{going[key]}: {why}" for key, why in stays.items()]
    return [title for key, title in going.items() if key not in stays], kept


def letter_answers(
    request: DataRequest, answers: Iterable[RequestAnswer]
) -> list[tuple[Any, RequestAnswer, GroundText | None, str]]:
    """Return the answers as the letter tells them: what the school does by who she is, who proved that alone reads."""
    told = told_answers(request, answers)
    if not request.is_unproven:
        return told
    may_not = _("De school mag uw gegevens hier niet meer voor gebruiken.")
    is_free = request.kind is RequestKind.OBJECTION
    return [
        (title, each, ground, may_not if is_free and each.outcome is Outcome.GRANTED else "")
        for title, each, ground, _note_of_hers in told
    ]


@dataclass(frozen=True)
class ToldView:
    """A recipient as a letter names it, and since when it knows; None: it has no address to mail to."""

    title: str
    since: date | None


def present_told(told: Iterable[ToldRecipient]) -> list[ToldView]:
    """Return each recipient once, in the order in which they were told; one knows once it knows of all that it had."""
    policy, since = current_policy(), dict[str, date | None]()
    for each in told:
        day = local(each.told_at).date() if each.told_at is not None else None
        before = since.get(each.recipient, day)
        since[each.recipient] = max(before, day) if before is not None and day is not None else None
    titles = {each.key: str(policy.text(each.title, language())) for each in policy.recipients}
    return [ToldView(titles.get(key, key), day) for key, day in since.items()]


def _note(request: DataRequest, answer: RequestAnswer, of_staff: StaffData | None) -> str:
    if answer.outcome is not Outcome.GRANTED:
        return _kept_until(request, answer)
    if request.is_doubted:
        return _("Het gebruik stopt. Er is niets gewist: wij weten niet zeker wie dit vraagt.")
    if is_carried_out(request, [answer.subject]):
        return str(STAYS.get(of_staff.kept, "")) if of_staff is not None else ""
    if request.is_left_to_do:
        return _("De school mag dit niet meer doen. Zij moet het nog stoppen.")
    if request.decided_at is not None and request.decided_by is None:
        return _("De school is hiermee gestopt.")
    name = request.decided_by_name or request.proposed_by_name or ""
    if request.kind is RequestKind.RECTIFICATION:
        return _("De school verbetert dit. %(name)s zorgt ervoor.", name=name)
    return _("De school doet dit met de hand. %(name)s zorgt ervoor.", name=name)


def by_hand(request: DataRequest) -> str:
    """Say what the desk does by hand before it says yes; nothing where the portal carries it out."""
    if is_carried_out(request):
        return ""
    uses = comma().join(str(title_of(request, key)) for key in stopped_by_hand(request))
    if uses:
        return _(
            "Dit stopt niet vanzelf: %(uses)s. Stop het eerst zelf, ook buiten het portaal. Zeg daarna pas ja.",
            uses=uses,
        )
    return str(_STILL_HERE if is_still_here(request) else _BY_HAND[request.kind])


def present_left_to_do(request: DataRequest) -> list[str]:
    """Return the uses that somebody must still stop, in words: all of whom nobody looked for yet; none otherwise."""
    if not request.is_left_to_do:
        return []
    left = stopped_by_hand(request) if request.is_of_known_person else request.purposes
    return [str(title_of(request, key)) for key in left]


_STILL_HERE = _l(
    "Deze persoon werkt hier nog, of handelt nog voor iemand. Alles wissen kan pas als dat voorbij is. "
    "Mag een deel weg? Wis dat eerst zelf. Zeg daarna pas ja op dat deel."
)
_BY_HAND = {
    RequestKind.RECTIFICATION: _l(
        "Het portaal verbetert dit niet vanzelf. Verbeter het eerst zelf. Zeg daarna pas ja."
    ),
    RequestKind.ERASURE: _l(
        "Het portaal wist dit niet vanzelf. Wis eerst zelf wat weg mag, ook buiten het portaal. Zeg daarna pas ja."
    ),
    RequestKind.RESTRICTION: _l(
        "Het portaal schermt dit niet vanzelf af. Zorg eerst dat niemand deze gegevens gebruikt. Zeg daarna pas ja."
    ),
    RequestKind.PORTABILITY: _l("Het portaal maakt dit bestand niet. Maak het eerst zelf. Zeg daarna pas ja."),
    RequestKind.CONSENT_WITHDRAWAL: _l(
        "Het portaal stopt dit gebruik niet vanzelf. Stop het eerst zelf, ook buiten het portaal. Zeg daarna pas ja."
    ),
}


def _kept_until(request: DataRequest, answer: RequestAnswer) -> str:
    """Say until when a part stays that a law or a case keeps: the day, or the term while that isn't known."""
    if answer.kept_until is not None:
        return _("Wij bewaren het tot en met %(day)s.", day=written("date", answer.kept_until))
    policy, of_staff = current_policy(), staff_part(request, answer.subject)
    if of_staff is not None:
        return staff_term_of(of_staff, policy) if answer.outcome is Outcome.REFUSED else ""
    if not answer.kept_for or policy.category(answer.subject) is None:
        return ""
    return str(policy.text(policy.term_for(answer.subject).title, language()))


def _steps(request: DataRequest) -> list[tuple[str, str, str]]:
    steps = [(_("U vroeg het."), "done", _on(request.received_on))]
    if request.kind not in NO_IDENTITY:
        is_known = request.identity_check is not None
        at = request.identity_checked_at
        known = _on(local(at).date()) if at is not None else ""
        steps.append((_("Wij weten dat u het bent."), "done", known) if is_known else _ask_who(request))
    if request.withdrawn_at is not None:
        return [*steps, (_("U nam het terug."), "done", _on(local(request.withdrawn_at).date()))]
    if request.joined_to_id is not None:
        return [*steps, (_("Wij antwoorden samen met uw andere verzoek."), "done", "")]
    steps.append(_at_work(request))
    steps.append(_answer(request))
    return steps


def _ask_who(request: DataRequest) -> tuple[str, str, str]:
    asks = _("Typ de code uit de e-mail.") if request.code_digest else _("Kom langs bij de balie.")
    return _("Wij moeten zeker weten dat u het bent."), "now", asks


def _at_work(request: DataRequest) -> tuple[str, str, str]:
    is_known = request.identity_check is not None or request.kind in NO_IDENTITY
    state = "done" if request.decided_at is not None else "now" if is_known else "todo"
    handled = _("%(name)s heeft het verzoek.", name=request.handled_by_name) if request.handled_by_name else ""
    by_kind = {
        RequestKind.ACCESS: _("De school kijkt of er namen van anderen in staan."),
        RequestKind.PORTABILITY: _("De school maakt het bestand."),
        RequestKind.RECTIFICATION: _("De school kijkt wat er moet staan."),
        RequestKind.OBJECTION: _weighed(request),
    }
    other = _("De school weegt uw reden af.") if request.entry_ids else None
    return other or by_kind.get(request.kind, _("De school kijkt naar uw verzoek.")), state, handled


def _weighed(request: DataRequest) -> str:
    """Say that an objection is weighed, and whether the use stopped meanwhile."""
    by_hand = stopped_by_hand(request)
    if not request.is_of_known_person or len(by_hand) == len(request.purposes):
        return _("De school denkt na over uw bezwaar.")
    if by_hand:
        return _("Een deel stopt nu al. De school denkt na over uw bezwaar.")
    return _("Het gebruik stopt nu al. De school denkt na over uw bezwaar.")


def present_objectable(kind: PersonKind) -> tuple[list[str], list[str]]:
    """Return the uses to which such a person may object, in words: those that stop at once, and the others."""
    policy, lang, stopping = current_policy(), language(), stopping_at_once(kind)
    titles = {key: str(policy.text(policy.purpose(key).title, lang)) for key in purposes_about(kind)}
    at_once = [title for key, title in titles.items() if key in stopping]
    return at_once, [title for key, title in titles.items() if key not in stopping]


def _answer(request: DataRequest) -> tuple[str, str, str]:
    if request.decided_at is not None:
        return _("U kreeg antwoord."), "done", _on(local(request.decided_at).date())
    note = _("De school heeft meer tijd nodig.") if request.extended_at is not None else ""
    return _("U krijgt antwoord, uiterlijk %(day)s.", day=written("date", request.due_on)), "todo", note


def _on(day: date) -> str:
    return written("date", day)


def read_in(request: DataRequest) -> str:
    """Return what the language is called in which she reads the answer."""
    return LANGUAGES.get(request.language, request.language)


def starts(request: DataRequest) -> list[str]:
    """Return sentences to start an answer from, in the language in which she reads: whoever writes changes them."""
    with in_language(request.language):
        return [str(each) for each in _starts(request)]


def _starts(request: DataRequest) -> list[str]:
    if request.entry_ids:
        return [_("U leest nu wie er keek."), _("Wij geven u de naam niet, want …")]
    by_kind = {
        RequestKind.RECTIFICATION: _("Wij hebben uw gegevens nagekeken. Dit staat er nu: …"),
        RequestKind.ERASURE: _("Wij hebben gewist wat u vroeg. Dit moeten wij nog bewaren, want …"),
        RequestKind.RESTRICTION: _(
            "Uw gegevens zijn afgeschermd. Wij bewaren ze, maar gebruiken ze niet. "
            "U hoort het van ons voordat dat stopt."
        ),
        RequestKind.OBJECTION: _("U maakte bezwaar. Wij hebben gekeken naar uw situatie. …"),
        RequestKind.ACCESS: _("Wij hebben een kopie gemaakt van alles wat wij van u hebben."),
        RequestKind.PORTABILITY: _("Wij hebben een bestand gemaakt dat u kunt meenemen."),
        RequestKind.CONSENT_WITHDRAWAL: _("U nam uw toestemming terug. Het gebruik is gestopt."),
    }
    return [by_kind[request.kind], _("Wij doen dit niet, want …")]
