"""Working by keyboard alone, with a ring that shows where one is."""

from typing import Literal

import pytest
from playwright.sync_api import Locator, Page

RING = "at => [at, at.closest('label, li')].some(each => each && getComputedStyle(each).outlineStyle !== 'none')"
_STOPS = 120


def reach(page: Page, wanted: Locator) -> None:
    """Press Tab until `wanted` has the focus, and see that it shows."""
    for _ in range(_STOPS):
        page.keyboard.press("Tab")
        if wanted.evaluate("at => at === document.activeElement"):
            assert wanted.evaluate(RING), wanted.evaluate("at => at.outerHTML")
            return
    pytest.fail(f"the keyboard doesn't reach {wanted}")


def press(page: Page, label: str, role: Literal["button", "link"] = "button") -> None:
    """Reach a button or a link, and press Enter."""
    reach(page, page.get_by_role(role, name=label).first)
    page.keyboard.press("Enter")
