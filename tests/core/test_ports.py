"""A port: connected once, asked for what was provided, and plain about being empty."""

import pytest

from portal.core.ports import Port


def test_what_is_connected_is_found_in_its_order() -> None:
    port: Port[str] = Port("core.letters")
    port.connect("b", "a")
    assert port.all == ("b", "a")
    port.connect("c")
    assert port.only == "c"


@pytest.mark.parametrize("provided", [(), ("a", "b")])
def test_one_that_needs_exactly_one_provider_says_so(provided: tuple[str, ...]) -> None:
    port: Port[str] = Port("core.letters")
    port.connect(*provided)
    with pytest.raises(RuntimeError, match=r"core\.letters needs exactly one provider"):
        _ = port.only


def test_an_index_is_made_of_what_is_connected() -> None:
    made: list[tuple[str, ...]] = []
    port: Port[str] = Port("core.letters", on_connect=made.append)
    port.connect("a", "b")
    assert made == [("a", "b")]
