"""Ports: what a feature needs from one above it. Only `portal/ports.py` connects them."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

Provided = TypeVar("Provided")


class Port(Generic[Provided]):
    """A place, with a name, for what features above provide to one below.

    `name` is the feature that needs it and what it is, such as "learners.consents_in_force". `on_connect` is called
    with everything that was provided, to build an index of it.
    """

    def __init__(self, name: str, *, on_connect: Callable[[tuple[Provided, ...]], Any] | None = None) -> None:
        self.name = name
        self._on_connect = on_connect
        self._provided: tuple[Provided, ...] = ()

    def connect(self, *provided: Provided) -> None:
        """Provide this, in this order, in place of what was provided before."""
        self._provided = provided
        if self._on_connect is not None:
            self._on_connect(provided)

    @property
    def all(self) -> tuple[Provided, ...]:
        """Everything that was provided."""
        return self._provided

    @property
    def only(self) -> Provided:
        """The one thing that was provided; raises RuntimeError where the port isn't connected to exactly one."""
        if len(self._provided) != 1:
            raise RuntimeError(f"the port {self.name} needs exactly one provider, and has {len(self._provided)}")
        return self._provided[0]
