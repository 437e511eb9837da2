"""Whether a row and a record may be about one person."""

from datetime import date

import pytest

from portal.imports.plans.likeness import is_named_otherwise, may_be_same

_BORN = date(1990, 9, 1)


def who(given: str | None, prefix: str | None, family: str | None, **more: object) -> dict[str, object]:
    values = {"given_name": given, "name_prefix": prefix, "family_name": family, **more}
    return {f"learner.{key}": value for key, value in values.items() if value is not None}


@pytest.mark.parametrize(
    ("known", "here", "otherwise"),
    [
        (who("Anna", None, "Jansen"), who("Omar", None, "Haddad"), True),
        (who("Anna", None, "Jansen"), who("Omar", None, "Haddad", birth_date=_BORN, phone="+31612345678"), True),
        (who("Anna", "van der", "Berg"), who("Bea", "van der", "Meer"), True),
        (who("Fatima", None, "El Amrani"), who("Omar", None, "El Idrissi"), True),
        (who("Anna", None, "Jansen"), who("Jansen", None, "Anna"), True),
        (who("Anna", None, "Jansen"), who("Anna", None, "Bakker"), False),
        (who("Anna", None, "Jansen"), who("Omar", None, "Jansen"), True),
        (who("Anna", None, "Jansen", birth_date=_BORN), who("Annie", None, "Jansen", birth_date=_BORN), False),
        (who("Fatima", None, "El Amrani"), who("F.", None, "El Amrani"), False),
        (who("Omar", "al", "Ahmad"), who("Omar", None, "al Ahmad"), False),
        (who("Şükrü", None, "Yıldız"), who("SUKRU", None, "YILDIZ"), False),
        (who("Bereket", None, "Tesfay"), who(None, None, "Tesfai"), False),
        (who("Bereket", None, "Tesfay"), who(None, None, None), False),
    ],
)
def test_a_number_leads_to_somebody_of_another_name(
    known: dict[str, object], here: dict[str, object], otherwise: bool
) -> None:
    assert is_named_otherwise(known, here) is otherwise


@pytest.mark.parametrize(
    ("known", "here", "same"),
    [
        (who("Omar", None, "al Ahmad"), who("Omar", "al", "Ahmad"), True),
        (who("Nul", None, "Zondergeb", phone="+31612345679"), who("Nul", None, "Zondergeb"), True),
        (who("Amina", None, "Berg", birth_date=_BORN), who("Amina", None, "Berg", birth_date=date(1990, 9, 2)), False),
        (who("A", None, "Berg", birth_date=_BORN), who("Amina", None, "Vos", birth_date=_BORN), False),
        (
            who("A", None, "Berg", birth_date=_BORN, phone="+31612345679"),
            who("Amina", None, "Vos", birth_date=_BORN, phone="+31612345679"),
            True,
        ),
        (who("A", None, "Berg", phone="+31612345679"), who("B", None, "Vos", phone="+31612345679"), False),
    ],
)
def test_a_row_without_her_number_may_be_about_somebody_known(
    known: dict[str, object], here: dict[str, object], same: bool
) -> None:
    assert may_be_same(known, here) is same
