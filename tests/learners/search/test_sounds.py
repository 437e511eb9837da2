"""Keys of sounds: what is written differently for one name is one key, or one class away from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.learners.search.sounds import KEY_LENGTH, likeness, name_parts, near_sounds, sound_of, sounds_of

NAMES = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=15)


@pytest.mark.parametrize(
    "spellings",
    [("Sabbagh", "Sabag"), ("Darwish", "Darwisch", "Derviş"), ("Şahin", "Sjahin", "Sahin"), ("Haddad", "Hadat")],
)
def test_what_sounds_the_same_has_one_key(spellings: tuple[str, ...]) -> None:
    assert len({sound_of(name_parts(each)[0]) for each in spellings}) == 1


@given(NAMES)
def test_a_name_is_near_itself_and_as_like_itself_as_can_be(name: str) -> None:
    key = sound_of(name)
    assert len(key) <= KEY_LENGTH
    assert not key or key in near_sounds(name)
    assert likeness([name], [name]) == pytest.approx(1)


@pytest.mark.parametrize("typed", ["sabag", "sbabagh", "abbagh", "sabbach", "sabbak", "sabbaghi", "tsabbagh"])
def test_a_letter_amiss_stays_near(typed: str) -> None:
    assert sound_of("sabbagh") in near_sounds(typed)


def test_particles_are_left_out_unless_there_is_nothing_else() -> None:
    assert name_parts("van der Berg") == ["berg"]
    assert name_parts("El Idrissi") == ["idrissi"]
    assert name_parts("Van") == ["van"]
    assert sounds_of("Abdel Karim", "al Ahmad") == {
        "sound_given": "PTL",
        "sound_given_second": "KRM",
        "sound_family": "HMT",
        "sound_family_second": None,
    }
