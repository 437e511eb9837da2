"""What the public statement says of how the school kept it: counted by a higher room, which knows every figure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from portal.core.ports import Port


@dataclass(frozen=True)
class PublicFigure:
    """How many of how many were as promised, with what they are; `is_tested`: no count of the school's says it."""

    title: str
    good: int
    total: int
    is_tested: bool = False


@dataclass(frozen=True)
class PublicFigures:
    """Figures for everybody to read, and when they were counted."""

    lines: tuple[PublicFigure, ...]
    counted_at: datetime


PUBLIC_FIGURES: Port[Callable[[], PublicFigures | None]] = Port("policy.public_figures")
"""Returns the figures of the school in scope; None where nobody counted yet."""
