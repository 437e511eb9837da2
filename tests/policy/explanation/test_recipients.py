"""Who gets data is told with the rules, the agreement and the files."""

from datetime import date

from portal.policy.queries import known_fields
from portal.policy.schema import read_policy
from tests.factories.policy import shipped, varied
from tests.policy.explanation.test_chapters import told

SHARING = "Wie gegevens krijgt"


def test_the_rules_of_a_school_stand_first() -> None:
    lest_best, step = told(shipped("lest-best"))[SHARING], told(shipped("step-inburgering"))[SHARING]

    assert (
        lest_best[0] == "Er gaat alleen iets naar anderen met toestemming van de cursist of omdat een wet het vraagt."
    )
    assert "Er gaat niets naar iemand met wie geen afspraak is vastgelegd." in step
    assert "Er gaat niets buiten de Europese Economische Ruimte." in step
    assert "Er gaat niets buiten de Europese Economische Ruimte." not in lest_best


def test_a_recipient_is_told_with_what_it_gets_and_its_files() -> None:
    lines = told(shipped("lest-best"))[SHARING]

    assert "Het bureau dat het tevredenheidsonderzoek doet krijgt: Naam en cursistnummer, Telefoon en e-mail, " in (
        " ".join(lines)
    )
    assert lines.count("Alleen van cursisten die daar toestemming voor geven.") == 3
    files = [line for line in lines if line.startswith("Bestand: ")]
    assert len(files) == 2
    assert "Aanwezigheid en uren voor de opdrachtgever. Erin: cursistnummer, voornaam" in files[0]
    assert files[0].endswith("Het blijft 30 dagen staan.")


def test_an_agreement_that_is_not_on_record_stops_what_goes_out() -> None:
    stopped = "Nu gaat er niets heen: de afspraak of het land is nog niet vastgelegd."
    assert told(shipped("leren-leren"))[SHARING].count(stopped) == 6
    recorded = {
        "recipients.hosting": {"country": "NL", "agreement": {"kind": "processing", "recorded_on": date(2026, 1, 2)}}
    }

    for missing in ({}, {"country": None}, {"agreement": None}):
        values = {f"recipients.hosting.{name}": value for name, value in missing.items()}
        lines = told(read_policy(varied("leren-leren", recorded | values), known_fields()))[SHARING]
        assert lines.count(stopped) == (6 if missing else 5)
