"""What somebody may ask about her own data, by kind, and what the desk fills in about it."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from portal.core.http.access import current_actor
from portal.core.http.forms import CheckboxesField, DayField, Form, InputRequired, choices, stripped
from portal.core.http.languages import LANGUAGES, _, _l, language
from portal.core.http.scope import SYSTEM
from portal.core.personal_data import CATEGORIES, PersonKind
from portal.learners.names_in_texts.forms import FreeTextForm
from portal.policy.queries import current_policy
from portal.purposes.queries import is_within
from portal.purposes.restrictions.services import RESTRICTABLE
from portal.purposes.statutes.queries import list_owed_purposes
from portal.representation.queries import list_appointed
from portal.requests.data_requests.labels import CHANNELS, EXTENSIONS, RESTRICTION_REASONS
from portal.requests.data_requests.models import RequestChannel, RequestKind
from portal.requests.data_requests.parts import categories_about, purposes_about
from portal.requests.data_requests.queries import askable
from portal.requests.data_requests.services import MOST_SIGNS, PROOF, Wish

_BODY = [Length(max=MOST_SIGNS)]


def _categories() -> list[tuple[str, Any]]:
    """Offer of which data something is asked; of who acts for somebody, only what is hers. Nobody may ask it, too."""
    policy, actor = current_policy(), current_actor()
    within = askable(actor) if actor is not None else frozenset(CATEGORIES)
    return [
        (category.key, policy.text(category.title, language()))
        for category in policy.categories
        if category.key in within - PROOF
    ]


def _restrictable() -> list[tuple[str, Any]]:
    return [(key, title) for key, title in _categories() if key in RESTRICTABLE]


def _objectable() -> list[tuple[str, Any]]:
    """Offer what may be objected to; of who acts for somebody, only what is hers to decide. Nobody may ask it, too."""
    policy, actor = current_policy(), current_actor()
    scope = actor.scope if actor is not None else SYSTEM
    own = scope.own_learner_id
    appointed = list_appointed(own, scope) if own is not None else None
    owed = list_owed_purposes(own, scope) if own is not None else frozenset()
    return [
        (purpose.key, policy.text(purpose.title, language()))
        for purpose in policy.purposes
        if purpose.may_be_objected_to
        and purpose.key not in owed
        and (appointed is None or is_within(policy.used_for(purpose.key), appointed, scope))
    ]


def _withdrawable() -> list[tuple[str, Any]]:
    policy = current_policy()
    return [(purpose.key, policy.text(purpose.title, language())) for purpose in policy.consent_purposes()]


class RequestForm(Form):
    """What stands in each of them: her own words, which may be left out."""

    messages: ClassVar[Mapping[str, Any]] = {
        "asked_by_another": _l(
            "Uw curator, bewindvoerder of mentor vraagt dit voor u. Een klacht of bezwaar mag u zelf."
        ),
        "already_asked": _l("U vroeg dit al. Uw verzoek heeft nummer %(number)s. U krijgt daar antwoord op."),
        "too_long": _l("Gebruik niet meer dan %(most)s tekens."),
        "unknown_category": _l("Kies uit de lijst."),
        "unknown_purpose": _l("Kies uit de lijst."),
    }
    body = TextAreaField(_l("Wilt u er iets bij zeggen?"), filters=[stripped], validators=_BODY)

    def wish(self, kind: RequestKind) -> Wish:
        """Return what was asked."""
        return Wish(
            kind=kind,
            body=self.body.data or "",
            categories=tuple(self._given("categories") or ()),
            purposes=tuple(self._given("purposes") or ()),
            restriction_ground=self._given("restriction_ground"),
            is_restricted_meanwhile=bool(self._given("is_restricted_meanwhile")),
            includes_findings=bool(self._given("includes_findings")),
            organisation=self._given("organisation"),
        )

    def _given(self, name: str) -> Any:
        """Return what was filled in under this name; None where the form hasn't it."""
        return self[name].data if name in self else None


class CategoriesForm(RequestForm):
    """What it is about: some categories, or all."""

    categories = CheckboxesField(_l("Om welke gegevens gaat het?"), choices=_categories)


class RectificationForm(CategoriesForm):
    """What isn't right, and what should stand there; of which part, so that no more is restricted meanwhile."""

    body = TextAreaField(
        _l("Wat klopt er niet? En wat moet er staan?"),
        [InputRequired(_l("Schrijf op wat er niet klopt.")), *_BODY],
        filters=[stripped],
    )
    is_restricted_meanwhile = BooleanField(_l("Scherm mijn gegevens af tot er een antwoord is"))


class RestrictionForm(CategoriesForm):
    """What should be restricted, and why, of the law's four reasons."""

    categories = CheckboxesField(_l("Om welke gegevens gaat het?"), choices=_restrictable)
    restriction_ground = RadioField(_l("Waarom?"), validators=[InputRequired(_l("Kies een reden."))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the reasons."""
        super().__init__(*args, **kwargs)
        self.restriction_ground.choices = choices(RESTRICTION_REASONS.items())


class PortabilityForm(RequestForm):
    """To whom the file goes, and whether what the school found goes along."""

    includes_findings = BooleanField(_l("Geef ook mee wat de school over mij opschreef"))
    organisation = StringField(
        _l("Stuur het naar een andere organisatie"), [Length(max=200)], filters=[stripped],
        description=_l("Laat dit leeg als u het zelf wilt krijgen."),
    )  # fmt: skip


class ObjectionForm(RequestForm):
    """What she doesn't want, and why: of her own situation."""

    purposes = CheckboxesField(
        _l("Wat wilt u niet?"), [InputRequired(_l("Kies waar u bezwaar tegen maakt."))], choices=_objectable
    )
    body = TextAreaField(
        _l("Waarom past dit niet bij u?"),
        filters=[stripped],
        validators=_BODY,
        description=_l("Vertel iets over uw situatie. Voor reclame hoeft dit niet: die stopt altijd."),
    )


class WithdrawalForm(RequestForm):
    """Which consents she takes back, for who can't do so on her own page."""

    purposes = CheckboxesField(
        _l("Welke toestemming wordt teruggenomen?"),
        [InputRequired(_l("Kies een toestemming."))],
        choices=_withdrawable,
    )


FORMS: dict[RequestKind, type[RequestForm]] = {
    RequestKind.ACCESS: RequestForm,
    RequestKind.RECTIFICATION: RectificationForm,
    RequestKind.ERASURE: CategoriesForm,
    RequestKind.RESTRICTION: RestrictionForm,
    RequestKind.PORTABILITY: PortabilityForm,
    RequestKind.OBJECTION: ObjectionForm,
    RequestKind.CONSENT_WITHDRAWAL: WithdrawalForm,
}


def fit_to(form: RequestForm, kind: PersonKind | None) -> None:
    """Offer what there is of somebody by what she is to the school; where that is one whole, she says in words which.

    The policy's categories and uses are those of learners, and of who isn't known here all of them stay.
    """
    if kind is None or kind is PersonKind.LEARNER:
        return
    if isinstance(form, CategoriesForm):
        held = set(categories_about(kind))
        form.categories.choices = [each for each in form.categories.choices if each[0] in held]
        if not form.categories.choices:
            del form.categories
    if isinstance(form, ObjectionForm):
        policy = current_policy()
        form.purposes.choices = [
            (key, policy.text(policy.purpose(key).title, language())) for key in purposes_about(kind)
        ]


def speak_of_another(form: RequestForm) -> None:
    """Let a form speak of whom somebody acts for, where it speaks to a learner of herself."""
    if isinstance(form, RectificationForm):
        form.is_restricted_meanwhile.label.text = _("Scherm de gegevens af tot er een antwoord is")
    if isinstance(form, PortabilityForm):
        form.includes_findings.label.text = _("Geef ook mee wat de school opschreef")
    if isinstance(form, ObjectionForm):
        form.body.label.text = _("Waarom past dit niet?")
        form.body.description = _("Vertel iets over de situatie. Voor reclame hoeft dit niet: die stopt altijd.")


_BY_HERSELF = frozenset({RequestChannel.PORTAL, RequestChannel.WEBSITE})


def by_staff() -> list[Any]:
    """Return the ways in which something reaches the school that staff write down."""
    return choices((each.value, label) for each, label in CHANNELS.items() if each not in _BY_HERSELF)


HERSELF = "zelf"
"""The choice that nobody asks for a learner: she does so herself."""


class AskedByForm(Form):
    """Which of those who act for a learner asks this for her."""

    messages: ClassVar[Mapping[str, Any]] = {
        "beyond_authority": _l(
            "Niets van wat gevraagd is, mag deze persoon voor de cursist vragen. "
            "Kies iemand anders. Of schrijf deze persoon dat het niet kan, en waarom."
        ),
        "not_acting": _l("Deze persoon handelt nu niet voor de cursist. Kies uit de lijst."),
        "not_now": _l("Dit kan niet meer. De school weet al wie dit vraagt. Of er is al een antwoord."),
    }
    asked_by = RadioField(
        _l("Wie vraagt dit voor de cursist?"), choices=[], validators=[InputRequired(_l("Kies wie dit vraagt."))]
    )

    def chosen(self) -> UUID | None:
        """Return the id of who was chosen; None: the learner herself."""
        said = self.asked_by.data if "asked_by" in self else HERSELF
        return UUID(said) if said != HERSELF else None


class _ReceiptForm(FreeTextForm, AskedByForm, RequestForm):
    """How and when it came in, in which language she reads, and who it is where nobody here knows her."""

    free_texts: ClassVar[Sequence[str]] = ("body",)

    messages: ClassVar[Mapping[str, Any]] = {
        **AskedByForm.messages,
        **RequestForm.messages,
        "already_asked": _l("Deze persoon vroeg dit al: verzoek %(number)s."),
        "not_received_then": _l("Kies een dag tot en met vandaag, niet langer dan een jaar geleden."),
    }
    channel = SelectField(_l("Hoe kwam het binnen?"))
    received_on = DayField(_l("Op welke dag?"), [InputRequired(_l("Kies een dag."))])
    language = SelectField(_l("In welke taal krijgt deze persoon antwoord?"))
    asker_name = StringField(_l("Naam"), [Length(max=200)], filters=[stripped])
    asker_contact = StringField(_l("E-mail, telefoon of adres"), [Length(max=254)], filters=[stripped])
    is_seen = BooleanField(_l("Ik heb aan de balie gezien wie dit is"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the ways in and the languages."""
        super().__init__(*args, **kwargs)
        self.channel.choices = by_staff()
        self.language.choices = choices(LANGUAGES.items())


def entry_form(kind: RequestKind) -> type[_ReceiptForm]:
    """Return the form with which the desk writes down a request of this kind."""
    return type("EntryForm", (_ReceiptForm, FORMS[kind]), {})


class CodeForm(Form):
    """The code from the mail."""

    messages: ClassVar[Mapping[str, Any]] = {
        "wrong_code": _l("Deze code klopt niet. Kijk nog eens in de e-mail."),
        "code_over": _l("Deze code werkt nu niet. Vraag over een kwartier een nieuwe code."),
        "no_code": _l("Deze code werkt niet meer. Vraag een nieuwe code."),
        "code_refused": _l("Deze code klopt niet of werkt niet meer. Vraag de school om een nieuwe code."),
    }
    code = StringField(_l("Code uit de e-mail"), [InputRequired(_l("Typ de code."))], filters=[stripped])


class ExtendForm(FreeTextForm):
    """Why the answer takes longer."""

    free_texts: ClassVar[Sequence[str]] = ("reason",)

    messages: ClassVar[Mapping[str, Any]] = {
        "never_extended": _l("Uw school belooft deze termijn zonder uitzondering. Verlengen kan niet."),
        "extended_already": _l("Dit verzoek is al verlengd. Een tweede keer kan niet."),
        "past_its_day": _l("De dag is al voorbij. Verlengen kan niet meer. Geef zo snel mogelijk antwoord."),
    }
    because = RadioField(_l("Waarom duurt het langer?"), validators=[InputRequired(_l("Kies een reden."))])
    reason = TextAreaField(
        _l("Leg het uit"), [InputRequired(_l("Vul dit in.")), *_BODY], filters=[stripped],
        description=_l("De persoon leest dit."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the two reasons of the law."""
        super().__init__(*args, **kwargs)
        self.because.choices = choices((each.value, label) for each, label in EXTENSIONS.items())


AUTHORITY = "mag"
"""What a button says, too, of who asks for somebody else: that it was seen that she may."""


class AskForm(Form):
    """A button alone: nothing to fill in, and `said` by the button itself."""

    said = HiddenField()

    messages: ClassVar[Mapping[str, Any]] = {
        "asked_by_another": RequestForm.messages["asked_by_another"],
        "who_asks_unsaid": _l("Dit is gevraagd voor een cursist. Kies eerst wie dit voor de cursist vraagt."),
        "authority_not_seen": _l("Dit is gevraagd voor iemand anders. Kijk eerst of deze persoon dat mag."),
        "closed": _l("Dit verzoek is al klaar. Er is niets veranderd."),
        "code_just_sent": _l("Wij mailden u net een code. Vraag over een minuut een nieuwe."),
        "identity_known": _l("De school weet al wie dit vraagt."),
        "identity_not_needed": _l("Bij dit verzoek hoeft u niet te vragen wie dit is."),
        "no_address": _l("Er is geen e-mailadres om de code naar te sturen. Kom naar de balie."),
        "second_person": _l("Een andere persoon beslist hierover: niet wie het voorstelde."),
        "nothing_proposed": _l("Er ligt geen voorstel meer. Bekijk het verzoek opnieuw."),
        "not_alike": _l("Deze verzoeken gaan niet over hetzelfde. Beantwoord ze apart."),
        "not_one_person": _l("Deze verzoeken zijn niet van dezelfde persoon."),
        "identity_unknown": _l("Eerst moet zeker zijn wie dit vraagt."),
        "person_known": _l("Bij dit verzoek hoort al een persoon."),
        "seen_already": _l("Het bewijs is al bekeken. Dat kan maar één keer."),
        "nothing_to_do": _l("Bij dit verzoek is nu niets te doen."),
        "other_by_now": _l("Dit verzoek is intussen anders. Er is niets opgeslagen. Kijk wat er nu staat."),
        "not_seen": _l("Bekijk eerst het bewijs."),
    }
