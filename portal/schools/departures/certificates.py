"""The certificate of a school that left: what was destroyed and when, and how long backups stay. It names nobody."""

import hmac
import json
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

Reservekopieën van voor deze dag staan er tot uiterlijk {backups_until}. Zij zijn versleuteld met een eigen sleutel, die
dan wordt vernietigd. Wat onder de sleutels van de school was versleuteld, opent ook daarin niet meer. Wie zo'n kopie
terugzet, krijgt deze school niet terug: het portaal wist haar gegevens opnieuw voordat iemand erin kan.

CERTIFICATE OF DESTRUCTION {number}

School:                     {school}
Destroyed at:               {closed_at}
Handed over at:             {handed_at}
Digest of the hand-over:    {handed_digest}
Rows destroyed:             {rows} in {tables} tables
Files destroyed:            {files}
Keys destroyed:             that of the school and those of {people} people
Still open at closing:      {open}{despite_en}

Backups from before this day are there until {backups_until} at the latest. They are encrypted under a key of their own,
which is destroyed then. What was encrypted under the school's keys opens in them no longer. Whoever puts such a backup
back doesn't get this school back: the portal deletes its data again before anybody can enter.

Digest: {digest}
"""


def digest_of(facts: Mapping[str, Any]) -> str:
    """Return the keyed digest of a certificate's facts, by which the hosting knows its own."""
    plain = json.dumps(facts, sort_keys=True, ensure_ascii=False, default=str).encode()
    return hmac.digest(store().hosting_key("certificates of schools"), plain, sha256).hex()


def certificate_text(facts: Mapping[str, Any]) -> str:
    """Return the certificate, in Dutch and English."""
    reason = facts.get("despite") or ""
    return _TEXT.format(
        **{key: value for key, value in facts.items() if key != "despite"},
        despite=f"\nToch gesloten, omdat:       {reason}" if reason else "",
        despite_en=f"\nClosed all the same:        {reason}" if reason else "",
        digest=digest_of(facts),
    )
