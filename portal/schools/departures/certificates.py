"""The certificate of a school that left: what was destroyed and when, and how long backups stay. It names nobody."""

import hmac
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from portal.core.crypto.key_store import store

_TEXT = """\
BEWIJS VAN VERNIETIGING {number}

School:                     {school}
Vernietigd op:              {closed_at}
Overgedragen op:            {handed_at}
Digest van de overdracht:   {handed_digest}
Rijen vernietigd:           {rows} in {tables} tabellen
Bestanden vernietigd:       {files}
Sleutels vernietigd:        die van de school en van {people} personen
Nog open bij het sluiten:   {open}{despite}

{backups}
Een archief dat de hosting buiten het portaal van haar database bijhoudt (WAL van PostgreSQL), valt hier niet onder.

CERTIFICATE OF DESTRUCTION {number}

School:                     {school}
Destroyed at:               {closed_at}
Handed over at:             {handed_at}
Digest of the hand-over:    {handed_digest}
Rows destroyed:             {rows} in {tables} tables
Files destroyed:            {files}
Keys destroyed:             that of the school and those of {people} people
Still open at closing:      {open}{despite_en}

{backups_en}
An archive that the hosting keeps of its database outside the portal (PostgreSQL's WAL) is not covered by this.
"""
_STAY = (
    """\
Reservekopieën van voor deze dag staan er tot uiterlijk {backups_until}. Zij zijn versleuteld met een eigen sleutel, die
dan wordt vernietigd. Wat onder de sleutels van de school was versleuteld, opent ook daarin niet meer. Wie zo'n kopie
terugzet, krijgt deze school niet terug: het portaal wist haar gegevens opnieuw voordat iemand erin kan.""",
    """\
Backups from before this day are there until {backups_until} at the latest. They are encrypted under a key of their own,
which is destroyed then. What was encrypted under the school's keys opens in them no longer. Whoever puts such a backup
back doesn't get this school back: the portal deletes its data again before anybody can enter.""",
)
_ENDED = (
    """\
Reservekopieën waarin deze school nog stond, openen sinds {backups_ended_at} niet meer, waar zij ook liggen: hun
sleutels zijn vernietigd. Daarvoor is een nieuwe reservekopie zonder deze school gemaakt en helemaal teruggelezen.""",
    """\
Backups that still held this school have opened no more since {backups_ended_at}, wherever they lie: their keys were
destroyed. Before that a new backup without this school was made, and read back to its end.""",
)
_DIGEST = "\nDigest: "


def certificate_text(facts: Mapping[str, Any]) -> str:
    """Return the certificate, in Dutch and English; its last line is a keyed digest of all above it."""
    reason = facts.get("despite") or ""
    dutch, english = (each.format(**facts) for each in (_ENDED if facts.get("backups_ended_at") else _STAY))
    text = _TEXT.format(
        **{key: value for key, value in facts.items() if key != "despite"},
        despite=f"\nToch gesloten, omdat:       {reason}" if reason else "",
        despite_en=f"\nClosed all the same:        {reason}" if reason else "",
        backups=dutch,
        backups_en=english,
    )
    return f"{text}{_DIGEST}{_digest_of(text)}\n"


def is_ours(text: str) -> bool:
    """Say whether a text is, to the letter, a certificate that this hosting made; how its lines end doesn't matter."""
    plain, _, digest = text.replace("\r\n", "\n").rpartition(_DIGEST)
    return hmac.compare_digest(_digest_of(plain).encode(), digest.strip().encode())


def _digest_of(text: str) -> str:
    return hmac.digest(store().hosting_key("certificates of schools"), text.encode(), sha256).hex()
