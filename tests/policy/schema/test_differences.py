"""What changed from one version to the next is told, and nothing else."""

import pytest

from portal.policy.queries import known_fields
from portal.policy.schema import Policy, read_policy
from portal.policy.schema.differences import differences
from portal.policy.schema.periods import Period
from tests.factories.policy import changed, shipped

GENDER = "learner.gender"


def newer(slug: str, *replacements: tuple[str, str]) -> Policy:
    """Return a shipped policy with pieces replaced."""
    return read_policy(changed(slug, *replacements), known_fields())


def test_the_same_promises_differ_in_nothing() -> None:
    other_words = newer("lest-best", ("Wij bewaren alleen wat hieronder staat", "Alleen dit bewaren wij"))

    assert differences(shipped("lest-best"), other_words) == []


@pytest.mark.parametrize(
    ("old", "new", "kind", "entries"),
    [
        ('["learner.birth_country"]', f'["learner.birth_country", "{GENDER}"]', "fields_added", (GENDER,)),
        ('"learner.work_experience", ', "", "fields_removed", ("learner.work_experience",)),
        ("number = 4, unit", "number = 3, unit", "term_changed", ()),
        ('key = "erasure"', 'key = "complaint"', "right_removed", ("erasure",)),
        ('key = "erasure"', 'key = "complaint"', "right_added", ("complaint",)),
        ("within = { number = 28", "within = { number = 14", "deadline_changed", ("access",)),
        ('"level", "exam", "progress"]', '"level", "exam"]', "recipient_gets_less", ("progress",)),
        ('"attendance", "evidence", "level"', '"attendance", "level"', "recipient_gets_less", ("evidence",)),
        ('"legitimate_interest"\nnature', '"contract"\nnature', "basis_changed", ()),
    ],
)
def test_a_change_is_told(old: str, new: str, kind: str, entries: tuple[str, ...]) -> None:
    found = differences(shipped("lest-best"), newer("lest-best", (old, new)))

    assert (kind, entries) in [(change.kind, change.entries) for change in found]


def test_what_came_and_went_is_told_by_its_title() -> None:
    fewer = shipped("onderwijs-pro")
    bare = fewer.model_copy(
        update={
            "categories": tuple(part for part in fewer.categories if part.key != "newsletter"),
            "recipients": fewer.recipients[1:],
        }
    )

    gone = {(change.kind, change.title.nl) for change in differences(shipped("onderwijs-pro"), bare) if change.title}
    came = {(change.kind, change.title.nl) for change in differences(bare, shipped("onderwijs-pro")) if change.title}

    ideal = shipped("onderwijs-pro").recipient("ideal").title.nl
    assert gone == {("category_removed", "Nieuwsbrief"), ("recipient_removed", ideal)}
    assert came == {("category_added", "Nieuwsbrief"), ("recipient_added", ideal)}


def test_a_deadline_tells_old_and_new() -> None:
    change = differences(shipped("lest-best"), newer("lest-best", ("number = 28, unit", "number = 4, unit")))[0]

    assert (change.old, change.new) == (Period(number=28, unit="days"), Period(number=4, unit="days"))
