"""The grounds on which a request, or a part of it, may be refused: a closed list, by what is asked.

First the exceptions that the law makes to a right that exists: AVG art. 12(5), 12(6), 15(4), 17(3), 20(3), 20(4), 21(1)
and UAVG art. 41(1). Without more, an answer that the right isn't there at all would have no ground to name. So beside
them stand four conditions of the rights themselves; where one isn't met there is nothing to grant, and the school says
so with reasons (AVG art. 12(4)):

- 16: only what is inaccurate or incomplete is rectified. That it is right is the school's to prove.
- 17(1): erasure is owed on one of its grounds a to f. That data is still needed denies ground a alone, so the school
  proves it, and it is no answer where consent is the only basis: who asks to erase takes it back (17(1)(b)).
- 18(1): restriction is owed in four cases. That none of them is there is the school's to prove.
- 20(1): only what she gave, or what was observed of her, is portable; what the school found of her isn't.

Of what who asks for a learner may not ask for her (UAVG art. 5, BW 3:60) the portal says so itself: nobody chooses that
ground.

Art. 18(2) is no ground to refuse: it lets restricted data be used all the same, each time on record (`restrictions`).
"""

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import LazyString

from portal.core.http.languages import _l
from portal.policy.schema import Policy
from portal.requests.data_requests.models import RequestKind


class Ground(StrEnum):
    """Why something is refused, named by its article."""

    UNFOUNDED = "avg_12_5"
    UNIDENTIFIED = "avg_12_6"
    OTHERS = "avg_15_4"
    IS_RIGHT = "avg_16"
    STILL_NEEDED = "avg_17_1"
    EXPRESSION = "avg_17_3_a"
    LAW = "avg_17_3_b"
    HEALTH = "avg_17_3_c"
    ARCHIVE = "avg_17_3_d"
    CLAIM = "avg_17_3_e"
    NO_RESTRICTION = "avg_18_1"
    NOT_GIVEN = "avg_20_1"
    PUBLIC_TASK = "avg_20_3"
    OTHERS_FILE = "avg_20_4"
    COMPELLING = "avg_21_1"
    SAFETY_STATE = "uavg_41_a"
    DEFENCE = "uavg_41_b"
    SAFETY_PUBLIC = "uavg_41_c"
    CRIME = "uavg_41_d"
    INTEREST = "uavg_41_e"
    COURTS = "uavg_41_f"
    PROFESSION = "uavg_41_g"
    INSPECTION = "uavg_41_h"
    PROTECTION = "uavg_41_i"
    CIVIL = "uavg_41_j"
    NO_AUTHORITY = "bw_3_60"


@dataclass(frozen=True)
class GroundText:
    """The article, what it says, and whether the school must prove it in words."""

    article: str
    label: LazyString
    needs_proof: bool = False


GROUNDS: dict[Ground, GroundText] = {
    Ground.UNFOUNDED: GroundText("AVG 12 lid 5", _l("Dit vraagt u duidelijk zonder reden, of steeds opnieuw."), True),
    Ground.UNIDENTIFIED: GroundText("AVG 12 lid 6", _l("Wij weten niet zeker wie dit vraagt.")),
    Ground.OTHERS: GroundText("AVG 15 lid 4", _l("Hier staan gegevens van iemand anders in.")),
    Ground.IS_RIGHT: GroundText("AVG 16", _l("Dit gegeven klopt."), True),
    Ground.STILL_NEEDED: GroundText("AVG 17 lid 1", _l("Wij hebben dit nog nodig voor uw cursus."), True),
    Ground.EXPRESSION: GroundText("AVG 17 lid 3 a", _l("Vrijheid van meningsuiting en informatie.")),
    Ground.LAW: GroundText("AVG 17 lid 3 b", _l("Een wet vraagt dat wij dit bewaren.")),
    Ground.HEALTH: GroundText("AVG 17 lid 3 c", _l("Het is nodig voor de volksgezondheid.")),
    Ground.ARCHIVE: GroundText("AVG 17 lid 3 d", _l("Het is nodig voor een archief of voor onderzoek.")),
    Ground.CLAIM: GroundText("AVG 17 lid 3 e", _l("Het is nodig voor een rechtszaak of een conflict.")),
    Ground.NO_RESTRICTION: GroundText("AVG 18 lid 1", _l("Geen van de redenen om af te schermen is er nu."), True),
    Ground.NOT_GIVEN: GroundText("AVG 20 lid 1", _l("Dit gaf u ons niet zelf. De school schreef het over u op.")),
    Ground.PUBLIC_TASK: GroundText("AVG 20 lid 3", _l("Wij gebruiken dit voor een publieke taak.")),
    Ground.OTHERS_FILE: GroundText("AVG 20 lid 4", _l("Hier staan gegevens van iemand anders in.")),
    Ground.COMPELLING: GroundText("AVG 21 lid 1", _l("Er is een dwingende reden om dit te blijven gebruiken."), True),
    Ground.SAFETY_STATE: GroundText("UAVG 41 lid 1 a", _l("Nationale veiligheid."), True),
    Ground.DEFENCE: GroundText("UAVG 41 lid 1 b", _l("Landsverdediging."), True),
    Ground.SAFETY_PUBLIC: GroundText("UAVG 41 lid 1 c", _l("Openbare veiligheid."), True),
    Ground.CRIME: GroundText("UAVG 41 lid 1 d", _l("Onderzoek naar strafbare feiten."), True),
    Ground.INTEREST: GroundText("UAVG 41 lid 1 e", _l("Een ander belangrijk algemeen belang."), True),
    Ground.COURTS: GroundText("UAVG 41 lid 1 f", _l("Onafhankelijke rechters."), True),
    Ground.PROFESSION: GroundText("UAVG 41 lid 1 g", _l("Beroepsregels van een beroep dat een wet regelt."), True),
    Ground.INSPECTION: GroundText("UAVG 41 lid 1 h", _l("Toezicht of inspectie door de overheid."), True),
    Ground.PROTECTION: GroundText("UAVG 41 lid 1 i", _l("Bescherming van u of van iemand anders."), True),
    Ground.CIVIL: GroundText("UAVG 41 lid 1 j", _l("Een civiele vordering innen."), True),
    Ground.NO_AUTHORITY: GroundText("BW 3:60, UAVG 5", _l("Wie dit vraagt, mag dit niet voor de cursist vragen.")),
}

_ALWAYS = (Ground.UNFOUNDED, Ground.UNIDENTIFIED)
_UAVG = tuple(each for each in Ground if each.startswith("uavg"))
_OWN: dict[RequestKind, tuple[Ground, ...]] = {
    RequestKind.ACCESS: (Ground.OTHERS,),
    RequestKind.RECTIFICATION: (Ground.IS_RIGHT,),
    RequestKind.ERASURE: (
        Ground.STILL_NEEDED, Ground.LAW, Ground.CLAIM, Ground.EXPRESSION, Ground.HEALTH, Ground.ARCHIVE
    ),
    RequestKind.RESTRICTION: (Ground.NO_RESTRICTION,),
    RequestKind.PORTABILITY: (Ground.NOT_GIVEN, Ground.OTHERS_FILE, Ground.PUBLIC_TASK),
    RequestKind.OBJECTION: (Ground.COMPELLING,),
    RequestKind.CONSENT_WITHDRAWAL: (),
}  # fmt: skip


def grounds_for(kind: RequestKind, *, may_doubt: bool = False) -> tuple[Ground, ...]:
    """Return the grounds on which a request of this kind may be refused.

    None for taking consent back (AVG 7(3)) but that it isn't sure who asks, where that matters (`may_doubt`). It never
    does for an objection: of nobody it is asked who she is.
    """
    if kind is RequestKind.CONSENT_WITHDRAWAL:
        return (Ground.UNIDENTIFIED,) if may_doubt else ()
    always = (Ground.UNFOUNDED,) if kind is RequestKind.OBJECTION else _ALWAYS
    return (*_OWN[kind], *always, *_UAVG)


def applies_to(ground: Ground, category: str, policy: Policy) -> bool:
    """Say whether a ground can hold for data of this category: that it is needed doesn't, on consent alone (17(1)b)."""
    if ground is not Ground.STILL_NEEDED:
        return True
    kept = policy.category(category)
    return kept is None or any(policy.purpose(key).basis != "consent" for key in kept.purposes)


def needs_second(ground: Ground | None) -> bool:
    """Say whether a second person decides, where there is one: what is called unfounded is the school's to prove."""
    return ground is Ground.UNFOUNDED
