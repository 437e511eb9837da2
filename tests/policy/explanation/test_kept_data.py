"""Of each category it is told who sees it, who gets it and until when, and what must hold."""

from portal.permissions import Role, categories_seen
from tests.factories.policy import shipped
from tests.policy.explanation.test_chapters import told

KEPT = "Wat de school bewaart"


def about(slug: str, title: str) -> list[str]:
    """Return the sentences about the category whose first sentence begins so."""
    lines = told(shipped(slug))[KEPT]
    start = next(number for number, line in enumerate(lines) if line.startswith(f"{title}: "))
    end = next((n for n in range(start + 1, len(lines)) if lines[n].startswith("Waarvoor: ") and n > start + 1), None)
    return lines[start : end - 1 if end else None]


def test_a_category_has_what_why_from_whom_and_for_whom() -> None:
    lines = about("lest-best", "Burgerservicenummer (BSN)")

    assert lines[0] == "Burgerservicenummer (BSN): burgerservicenummer (BSN)."
    assert lines[1] == "Waarvoor: Examens, diploma's en leningen regelen met DUO (de wet)."
    assert lines[2] == "Waar het vandaan mag komen: de cursist, de school, wie de cursist aanmeldt."
    assert lines[4] == "Wie het krijgt: Dienst Uitvoering Onderwijs (DUO)."
    assert lines[-1].startswith("Voorwaarde bij burgerservicenummer (BSN): Alleen als wij het traject moeten melden")


def test_who_sees_it_are_the_roles_that_may() -> None:
    attendance = next(line for line in about("lest-best", "Aanwezigheid") if line.startswith("Wie het ziet"))
    complaint = next(line for line in about("lest-best", "Klachten") if line.startswith("Wie het ziet"))

    assert "docent (van eigen groepen)" in attendance
    assert "attendance" in categories_seen(frozenset({Role.TEACHER.value}))
    assert "docent" not in complaint
    assert "directie" in complaint


def test_each_step_of_a_term_is_told_with_what_it_counts_from() -> None:
    lines = about("lest-best", "Traject en groep")

    start = "het einde van de begeleiding of, als dat er niet is, het laatste contact"
    assert f"Mag daarna alleen zonder naam blijven: vanaf 4 jaar na {start}." in lines
    assert f"Moet gewist zijn: 10 jaar na {start}." in lines


def test_what_is_not_kept_is_told() -> None:
    lines = told(shipped("onderwijs-pro"))["Wat de school niet bewaart"]

    assert len(lines) == 1
    assert "Aanwezigheid" in lines[0]
    assert "Taalniveau" in lines[0]
    assert "Naam en cursistnummer" not in lines[0]


def test_a_consent_is_told_with_its_question_and_what_it_deletes() -> None:
    lines = told(shipped("lest-best"))["Toestemming"]

    assert len([line for line in lines if line.startswith("Het portaal vraagt: ")]) == 3
    assert "Dan wist het portaal: Beeld van online lessen." in lines
    assert "Dan wist het portaal: tweede telefoonnummer." in told(shipped("onderwijs-pro"))["Toestemming"]
    assert told(shipped("meester-in-nt2"))["Toestemming"] == ["Niets."]
