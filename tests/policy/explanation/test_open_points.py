"""What a policy leaves open is told, and nothing that it settles."""

from datetime import date
from typing import Any

import pytest

from portal.core.command_setup import in_language
from portal.policy.drafts import draft_policy
from portal.policy.queries import known_fields
from portal.policy.schema import read_policy
from tests.factories.policy import shipped, varied
from tests.policy.explanation.test_chapters import told

OPEN = "Wat nog open is"


def test_a_first_file_leaves_open_what_only_the_school_knows() -> None:
    with in_language("nl"):
        text = draft_policy("Taal aan Zee", day=date(2026, 11, 28), language="nl")

    assert told(read_policy(text, known_fields()))[OPEN] == [
        "Nog niet vastgelegd: het adres van de school.",
        "Nog niet vastgelegd: het e-mailadres van de school.",
        "Nog niet vastgelegd: het e-mailadres voor vragen over gegevens.",
        "Nog niet vastgelegd: het telefoonnummer van de school.",
        "Nog niet vastgelegd: het KvK-nummer.",
        "Nog niet vastgelegd: de dag van de afspraak met De online boekhouding.",
        "Nog niet vastgelegd: in welk land dit staat: De online boekhouding.",
        "Nog niet vastgelegd: de dag van de afspraak met Het bedrijf waar de website staat.",
        "Nog niet vastgelegd: in welk land dit staat: Het bedrijf waar de website staat.",
    ]


TEA = {"title": {"nl": "Thee"}, "basis": "contract", "nature": "service"}
LEFT_OPEN: list[tuple[dict[str, Any], str]] = [
    ({"categories.complaint": None}, "Klachten zijn mogelijk, maar kunnen niet bewaard worden: de categorie complaint"),
    ({"purposes.tea": TEA}, "Geen enkele categorie dient dit doel: Thee."),
    ({"sections.intro.text": {"nl": "Welkom."}}, "1 tekst is er niet in het English; de lezer ziet het Nederlands."),
    ({"languages": ["nl", "tr"]}, "teksten zijn er niet in het tr; de lezer ziet het Nederlands."),
    ({"controller.email": None}, "Nog niet vastgelegd: het e-mailadres van de school."),
]


@pytest.mark.parametrize(("values", "wanted"), LEFT_OPEN, ids=[wanted for _, wanted in LEFT_OPEN])
def test_what_is_left_open_is_told(values: dict[str, Any], wanted: str) -> None:
    assert not [line for line in told(shipped("lest-best"))[OPEN] if wanted in line]

    lines = told(read_policy(varied("lest-best", values), known_fields()))[OPEN]

    assert [line for line in lines if wanted in line]


def test_what_the_statement_does_not_say_is_told_where_there_is_one() -> None:
    added = [line for line in told(shipped("lest-best"))[OPEN] if line.startswith("Staat niet in de verklaring")]

    assert added == [
        f"Staat niet in de verklaring, de school voegt het toe: {title}."
        for title in (
            "Telefoon en e-mail",
            "Eerste gesprek",
            "Klachten",
            "Account",
            "Gebruik van dit portaal",
            "Toestemmingen",
            "Wat er met uw gegevens gebeurde",
        )
    ]
