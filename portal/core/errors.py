"""The few ways in which a request can be refused; words belong to forms and templates."""

from typing import Any


class Refusal(Exception):
    """What a service raises when it will not do what was asked."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class NotFound(Refusal):
    """There is no such row, or not for this account: both look the same (404)."""

    def __init__(self, code: str = "not_found", **facts: Any) -> None:
        super().__init__(code, **facts)


class NotAllowed(Refusal):
    """The account's roles don't reach this (403); it is written in the audit."""

    def __init__(self, code: str = "not_allowed", **facts: Any) -> None:
        super().__init__(code, **facts)


class Conflict(Refusal):
    """Something else happened first, or a state forbids it (409)."""


class Invalid(Refusal):
    """A value that can't be stored (422): `field` says beside which input the message goes."""

    def __init__(self, field: str, code: str, **facts: Any) -> None:
        super().__init__(code, **facts)
        self.field = field
