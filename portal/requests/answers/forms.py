"""What privacy staff decide on each part of a request, and what the officer advises."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.validators import Length

from portal.core.http.forms import InputRequired, choices, stripped
from portal.core.http.languages import _, _l, written
from portal.learners.names_in_texts.forms import FreeTextForm
from portal.policy.queries import current_policy
from portal.policy.schema import Policy
from portal.requests.answers.erasures import LegalKeep
from portal.requests.answers.grounds import GROUNDS, Ground, applies_to
from portal.requests.data_requests.services import MOST_SIGNS


class DecisionForm(FreeTextForm):
    """An answer in words, and proof where the school must give it; a choice for each part stands in a subclass."""

    free_texts: ClassVar[Sequence[str]] = ("reply", "proof")

    messages: ClassVar[Mapping[str, Any]] = {
        "required": _l("Leg uit waarom. De persoon leest dit."),
        "not_a_ground": _l("Kies een reden uit de lijst."),
        "identity_known": _l("De school weet al wie dit vraagt. Kies een andere reden."),
        "identity_unknown": _l("Eerst moet zeker zijn wie dit vraagt."),
        "tell_first": _l(
            "Vertel eerst zelf dat alles gewist wordt, aan: %(recipients)s. "
            "Daarna weet de school niet meer over wie het gaat."
        ),
        "hand_over_first": _l("Zorg eerst dat deze facturen in de boekhouding staan. Het zijn er %(number)s."),
        "person_unknown": _l("Zoek eerst over wie het gaat. Of antwoord dat de school niets van deze persoon heeft."),
        "do_first": _l("Doe dit eerst, of zorg dat het gebeurt. Anders is het antwoord ja niet waar."),
        "proof_needed": _l("Deze reden moet de school bewijzen. Schrijf het bewijs op."),
        "too_long": _l("Gebruik niet meer dan %(most)s tekens."),
        "closed": _l("Dit verzoek is al beantwoord. Er is niets veranderd."),
    }
    reply = TextAreaField(
        _l("Antwoord in eigen woorden"), [Length(max=MOST_SIGNS)], filters=[stripped],
        description=_l("De persoon leest dit. Bij een nee is het nodig."),
    )  # fmt: skip
    proof = TextAreaField(
        _l("Bewijs"), [Length(max=MOST_SIGNS)], filters=[stripped],
        description=_l("Alleen bij een reden die de school moet bewijzen. Ook dit leest de persoon."),
    )  # fmt: skip
    are_recipients_told = BooleanField(_l("Ik heb het zelf verteld aan wie de gegevens had en geen e-mailadres heeft"))
    are_invoices_kept = BooleanField(_l("De facturen van deze persoon staan met naam in de boekhouding"))
    is_done_by_hand = BooleanField(_l("Ik heb dit gedaan, of ik zorg dat het gebeurt"))
    parts: ClassVar[Sequence[tuple[str, str]]] = ()

    def decisions(self) -> dict[str, Ground | None]:
        """Return what was chosen by part: a ground, or None for granted."""
        return {subject: Ground(self[name].data) if self[name].data else None for name, subject in self.parts}


def decision_form(
    grounds: Sequence[Ground], subjects: Sequence[tuple[str, Any]], keeps: Mapping[str, LegalKeep] | None = None
) -> type[DecisionForm]:
    """Return the form that decides on these parts (their keys, with what they are called), with a no on these grounds.

    Of what `keeps` has no yes is offered: a law or a case asks to keep it.
    """
    policy = current_policy()
    fields: dict[str, Any] = {
        f"part_{number}": _part(grounds, key, title, policy, (keeps or {}).get(key))
        for number, (key, title) in enumerate(subjects)
    }
    named = [(f"part_{number}", key) for number, (key, _title) in enumerate(subjects)]
    return type("PartsForm", (DecisionForm,), {**fields, "parts": named})


def _part(grounds: Sequence[Ground], key: str, title: Any, policy: Policy, keep: LegalKeep | None) -> SelectField:
    offered = _offered(grounds, key, policy)
    if keep is None:
        return SelectField(title, choices=choices(offered), default="")
    until = written("date", keep.until) if keep.until is not None else _("nog niet bekend")
    return SelectField(
        title,
        choices=choices(each for each in offered if each[0]),
        default=keep.ground.value,
        description=_("Dit moet blijven. Waarom: %(law)s. Tot en met: %(until)s.", law=keep.kept_for, until=until),
    )


def _offered(grounds: Sequence[Ground], subject: str, policy: Policy) -> list[tuple[str, str]]:
    """Return what can be decided on a part: yes, or no on a ground that can hold for it."""
    possible = [each for each in grounds if applies_to(each, subject, policy)]
    return [("", _("ja, toegewezen")), *((each.value, _option(each)) for each in possible)]


def _option(ground: Ground) -> str:
    words = GROUNDS[ground]
    return _("nee: %(why)s (%(article)s)", why=str(words.label).rstrip("."), article=words.article)


class AdviceForm(FreeTextForm):
    """What the officer advises."""

    free_texts: ClassVar[Sequence[str]] = ("body",)

    messages: ClassVar[Mapping[str, Any]] = {"too_long": _l("Gebruik niet meer dan %(most)s tekens.")}
    body = TextAreaField(
        _l("Advies"), [InputRequired(_l("Schrijf uw advies.")), Length(max=MOST_SIGNS)], filters=[stripped]
    )
