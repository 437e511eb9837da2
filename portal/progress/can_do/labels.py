"""A statement in the reader's language, where it is one that the portal offers; else as the school wrote it."""

from flask_babel import gettext


def statement_text(text: str) -> str:
    """Return a statement's text in the reader's language."""
    return str(gettext(text))
