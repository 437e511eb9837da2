"""The addresses of learners; each file holds those of one thing a person does."""

from portal.learners.routes import (
    access,
    corrections,
    enrolments,
    entries,
    find,
    invitations,
    merging,
    organisations,
    own,
    own_entries,
    record,
)
from portal.learners.routes.blueprint import blueprint

__all__ = [
    "access", "blueprint", "corrections", "enrolments", "entries", "find", "invitations", "merging", "organisations",
    "own", "own_entries", "record",
]  # fmt: skip
