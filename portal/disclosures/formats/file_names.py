"""What a file is called where somebody keeps it: what it is, for which client, and of which days."""

import re

from portal.disclosures.models import Disclosure
from portal.learners.search.plain_text import fold

_MOST = 60


def file_name(disclosure: Disclosure, title: str) -> str:
    """Return a name in plain letters, by which the files of several clients and months can be told apart."""
    client = disclosure.client.name if disclosure.client is not None else ""
    parts = (_plain(title), _plain(client), str(disclosure.starts_on), str(disclosure.ends_on))
    return f"{'_'.join(part for part in parts if part)}.{disclosure.format.value}"


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(text))[:_MOST].strip("-")
