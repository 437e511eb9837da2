"""What privacy staff decide on each part of a request, and what the officer advises."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from wtforms import BooleanField, HiddenField, SelectField, TextAreaField
from wtforms.validators import Length, ValidationError

from portal.core.http.forms import InputRequired, choices, stripped
from portal.core.http.languages import _, _l, written
from portal.learners.names_in_texts.forms import FreeTextForm
from portal.policy.queries import current_policy
from portal.policy.schema import Policy
from portal.requests.answers.erasures import LegalKeep
from portal.requests.answers.grounds import GROUNDS, Ground, applies_to
from portal.requests.data_requests.forms import AskForm
from portal.requests.data_requests.services import MOST_SIGNS

_RECIPIENTS_TOLD = _l("Ik heb het zelf verteld aan wie de gegevens had en geen e-mailadres heeft")
_INVOICES_KEPT = _l("De facturen van deze persoon staan met naam in de boekhouding")
YES = "ja"
"""The choice of who erases: said by herself, as nothing stands there before she does."""


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
        "search_first": _l("Zoek eerst over wie het gaat. Vindt u niemand? Zet dan dit vinkje."),
        "do_first": _l("Doe dit eerst, of zorg dat het gebeurt. Anders is het antwoord ja niet waar."),
        "proof_needed": _l("Deze reden moet de school bewijzen. Schrijf het bewijs op."),
        "too_long": _l("Gebruik niet meer dan %(most)s tekens."),
        "no_longer_acts": _l("Wie dit vroeg, handelt niet meer voor de cursist. Vraag de cursist wat die zelf wil."),
        "parents_disagree": _l(
            "De ouders zijn het niet eens: de andere ouder vroeg iets anders over deze gegevens. "
            "Ja kan pas als zij het eens zijn, of als de rechter beslist."
        ),
        "still_here": _l(
            "Deze persoon werkt hier nog, of handelt nog voor iemand. Alles wissen kan pas als dat voorbij is. "
            "Zeg nu nee, met een reden. Of laat het eerst eindigen."
        ),
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
    are_recipients_told = BooleanField(_RECIPIENTS_TOLD)
    are_invoices_kept = BooleanField(_INVOICES_KEPT)
    is_done_by_hand = BooleanField(_l("Ik heb dit gedaan, of ik zorg dat het gebeurt"))
    is_nobody_found = BooleanField(_l("Ik heb gezocht. De school heeft niemand met deze naam of dit adres."))
    is_all_yes = BooleanField(_l("Ja op alles waar u niets kiest"))
    confirmed = HiddenField()
    parts: ClassVar[Sequence[tuple[str, str]]] = ()

    def decisions(self) -> dict[str, Ground | None]:
        """Return what was chosen by part: a ground, or None for granted."""
        chosen = {subject: self[name].data for name, subject in self.parts}
        return {key: Ground(value) if value and value != YES else None for key, value in chosen.items()}

    def unconfirmed(self) -> dict[str, str]:
        """Return by part what goes for good by this form and was not shown a second time as it is now is called.

        From then on the form says that it was shown.
        """
        going = [(key, str(self[name].label.text)) for name, key in self.parts if self.decisions()[key] is None]
        shown_before, self.confirmed.data = self.confirmed.data, " ".join(sorted(key or "*" for key, _title in going))
        return {} if self.confirmed.data == (shown_before or "") else dict(going)


class ConfirmForm(AskForm):
    """That a second person decides what was proposed, and what she says herself of what is erased."""

    messages: ClassVar[Mapping[str, Any]] = {
        **AskForm.messages,
        **{
            key: DecisionForm.messages[key]
            for key in ("tell_first", "hand_over_first", "still_here", "no_longer_acts", "parents_disagree")
        },
    }
    are_recipients_told = BooleanField(_RECIPIENTS_TOLD)
    are_invoices_kept = BooleanField(_INVOICES_KEPT)


def decision_form(
    grounds: Sequence[Ground],
    subjects: Sequence[tuple[str, Any]],
    keeps: Mapping[str, LegalKeep] | None = None,
    *,
    is_for_good: bool = False,
) -> type[DecisionForm]:
    """Return the form that decides on these parts (their keys, with what they are called), with a no on these grounds.

    `is_for_good`: a yes can't be undone, so no answer stands there before it is chosen.

    Of what `keeps` has no yes is offered: a law or a case asks to keep it.
    """
    policy = current_policy()
    fields: dict[str, Any] = {
        f"part_{number}": _part(title, _offered(grounds, key, policy, is_for_good=is_for_good), (keeps or {}).get(key))
        for number, (key, title) in enumerate(subjects)
    }
    named = [(f"part_{number}", key) for number, (key, _title) in enumerate(subjects)]
    return type("PartsForm", (DecisionForm,), {**fields, "parts": named})


def _part(title: Any, offered: Sequence[tuple[str, str]], keep: LegalKeep | None) -> SelectField:
    if keep is None:
        return SelectField(title, [_chosen], choices=choices(offered), default="")
    until = written("date", keep.until) if keep.until is not None else _("nog niet bekend")
    return SelectField(
        title,
        choices=choices(each for each in offered if each[0] not in {"", YES}),
        default=keep.ground.value,
        description=_("Dit moet blijven. Waarom: %(law)s. Tot en met: %(until)s.", law=keep.kept_for, until=until),
    )


def _chosen(form: DecisionForm, field: SelectField) -> None:
    """Refuse a part without an answer, where none stands there before it is chosen."""
    may_be_left = form.is_all_yes.data or YES not in {each[0] for each in field.iter_choices()}
    if not field.data and not may_be_left:
        raise ValidationError(_("Kies ja of nee."))


def _offered(grounds: Sequence[Ground], subject: str, policy: Policy, *, is_for_good: bool) -> list[tuple[str, str]]:
    """Return what can be decided on a part: yes, or no on a ground that can hold for it."""
    possible = [each for each in grounds if applies_to(each, subject, policy)]
    yes = [("", _("kies ja of nee")), (YES, _("ja, wissen"))] if is_for_good else [("", _("ja, toegewezen"))]
    return [*yes, *((each.value, _option(each)) for each in possible)]


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
