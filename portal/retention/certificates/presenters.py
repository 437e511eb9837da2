"""A certificate as a page and a PDF show it, in the language in force."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.accounts.labels import role_names
from portal.core.http.languages import _, comma, direction, in_language, language, written
from portal.disclosures.formats.pdf import compile_pdf
from portal.disclosures.glyphs import printable
from portal.policy.queries import current_policy
from portal.requests.answers.erasures import AccountOutcome
from portal.retention.certificates.kept import BACKUPS, LOCKED, OTHER_ROLE, STAFF, KeptPart, account_outcome, part_from
from portal.retention.certificates.labels import ACCOUNTS, OF_KIND, OTHERS, REASONS, WENT, WENT_BUT_ACCOUNT, WHYS
from portal.retention.certificates.models import ErasureCertificate
from portal.schools.queries import current_school

LAYOUT = Path(__file__).resolve().parents[3] / "templates" / "retention" / "pdf" / "certificate.typ"


@dataclass(frozen=True)
class KeptLine:
    """Something that stays, in words: what, why, under which law or article, until when."""

    title: str
    why: str
    law: str
    until: str


@dataclass(frozen=True)
class CertificateView:
    """A certificate in words."""

    row: ErasureCertificate
    lead: str
    reason: str
    acted: str
    erased: list[str]
    kept: list[KeptLine]


def view_of(row: ErasureCertificate) -> CertificateView:
    """Return a certificate in the words of the language in force."""
    return CertificateView(
        row=row,
        lead=_lead(row),
        reason=str(REASONS[row.why]),
        acted=role_names(row.acted_as) or _("het portaal zelf"),
        erased=[str(OF_KIND.get((row.kind, key)) or _title(key)) for key in row.erased],
        kept=[_line(part_from(each)) for each in row.kept],
    )


def certificate_pdf(row: ErasureCertificate, code: str) -> bytes:
    """Return a certificate on paper in a language: the school's own, or that of whom it is about."""
    with in_language(code):
        return compile_pdf(LAYOUT, _printable(_data(view_of(row), code)))


def _data(view: CertificateView, code: str) -> dict[str, Any]:
    row = view.row
    facts = [
        (_("Nummer"), row.number),
        (_("Gewist op"), written("date", row.made_on)),
        (_("Waarom"), view.reason),
        (_("Gewist door"), view.acted),
    ]
    return {
        "lang": code,
        "rtl": direction(code) == "rtl",
        "title": _("Bewijs van wissen"),
        "school": current_school().name,
        "lead": view.lead,
        "facts": [list(each) for each in facts],
        "erased_heading": _("Wat is gewist"),
        "erased": view.erased,
        "kept_heading": _("Wat blijft"),
        "headings": [_("Wat"), _("Waarom"), _("Wet"), _("Tot")],
        "kept": [[each.title, each.why, each.law, each.until] for each in view.kept],
        "nothing": _("Er blijft niets."),
        "nameless": _("Op dit bewijs staat geen naam. Zo blijft er ook hier niets van u over."),
    }


def _lead(row: ErasureCertificate) -> str:
    """Say what went, what became of her account where she had one, and that it doesn't come back."""
    if not row.is_whole:
        return " ".join((_("De school heeft een deel van uw gegevens gewist."), _("Dit kan niet terug.")))
    account = account_outcome(row)
    went = WENT_BUT_ACCOUNT.get(row.kind, WENT[row.kind]) if account is AccountOutcome.STAYS else WENT[row.kind]
    return " ".join(map(str, filter(None, (went, ACCOUNTS.get(account), _("Dit kan niet terug.")))))


def _line(part: KeptPart) -> KeptLine:
    law = comma().join(each for each in (part.law, part.ground) if each)
    # Older certificates say of backups that nobody can read them.
    why = LOCKED if part.what == BACKUPS else part.why
    return KeptLine(
        title=str(OTHERS.get(part.what) or _title(part.what)), why=str(WHYS[why]), law=law, until=_until(part)
    )


def _until(part: KeptPart) -> str:
    if part.until is not None:
        return written("date", part.until)
    policy = current_policy()
    if part.why == OTHER_ROLE or policy.category(part.what) is None:
        return ""
    return str(policy.text(policy.term_for(part.what).title, language()))


def _title(key: str) -> str:
    policy = current_policy()
    if key.startswith(STAFF) and policy.staff is not None:
        titles = {f"{STAFF}{each.key}": each.title for each in policy.staff.data}
        return str(policy.text(titles[key], language())) if key in titles else key
    category = policy.category(key)
    return str(policy.text(category.title, language())) if category is not None else key


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _printable(each) for key, each in value.items()}
    return [_printable(each) for each in value] if isinstance(value, list) else value
