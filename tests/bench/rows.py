"""A line of the table: what was measured, the bar, and whether it holds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One row; `value` is compared with `bar`: at most it, or at least it."""

    name: str
    value: float
    bar: float
    unit: str = "x"
    at_least: bool = False
    note: str = ""

    @property
    def holds(self) -> bool:
        """Say whether the bar is reached."""
        return self.value >= self.bar if self.at_least else self.value <= self.bar

    def as_line(self) -> str:
        """Return the line of the table."""
        sign = ">=" if self.at_least else "<="
        state = "ok" if self.holds else "SHORT"
        return f"{self.name:<46} {self.value:9.2f} {self.unit:<5} {sign} {self.bar:<7g} {state:<6} {self.note}"
