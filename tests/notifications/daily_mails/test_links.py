"""The way out of the mail of the day opens for its own account and school, and for nothing that was guessed."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.core.db.base import new_id
from portal.notifications.daily_mails.links import make_token, read_token


def test_it_says_whose_it_is_at_its_own_school_alone(enter: Callable[[str], Any]) -> None:
    account_id = new_id()
    with enter("lest-best"):
        token = make_token(account_id)
        assert read_token(token) == account_id
        assert make_token(new_id())[22:] != token[22:]
    with enter("meester-in-nt2"):
        assert read_token(token) is None


@pytest.mark.parametrize("place", [0, 21, 22, 40, 63])
def test_one_letter_else_is_nobodys(enter: Callable[[str], Any], place: int) -> None:
    with enter("lest-best"):
        token = make_token(new_id())
        other = "A" if token[place] != "A" else "B"
        assert read_token(token[:place] + other + token[place + 1 :]) is None


@pytest.mark.parametrize("token", ["", "x", "x" * 64, "=" * 64, "é" * 64, "\0" * 64, "x" * 5000])
def test_what_is_no_token_is_nobodys(enter: Callable[[str], Any], token: str) -> None:
    with enter("lest-best"):
        assert read_token(token) is None
