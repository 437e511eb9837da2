"""What became of the documents by which somebody showed who she is, as her own request says it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString

from portal.core.clock import local
from portal.core.crypto import files
from portal.core.http.languages import _, written
from portal.identity.documents.labels import KINDS
from portal.identity.documents.models import MaskedDocument
from portal.requests.data_requests.models import DataRequest


@dataclass(frozen=True)
class ToldDocument:
    """A document: its kind, and what happened to its picture, in sentences."""

    kind: LazyString
    story: list[str]


def told_documents(rows: Sequence[MaskedDocument], request: DataRequest) -> list[ToldDocument]:
    """Return of each document for a request that it was handed in, whether and when it was seen, and what came of it.

    That is that it didn't show who she is, and that its picture is gone.
    """
    replaced = {row.attested_at for row in rows}
    return [
        ToldDocument(
            KINDS[row.kind],
            [_handed_in(row), _seen(row), *_not_right(row, request, replaced), _gone(row)],
        )
        for row in rows
    ]


def _not_right(row: MaskedDocument, request: DataRequest, replaced: Collection[datetime]) -> list[str]:
    """Say that the school saw from a document that it doesn't show who she is; nothing of any other.

    It went before it was known who asks and before the request was over, and not for a better one.
    """
    if row.seen_at is None or row.destroyed_at is None or row.destroyed_at in replaced:
        return []
    ends = (request.identity_checked_at, request.decided_at, request.withdrawn_at, request.closed_at)
    if any(each is not None and each <= row.destroyed_at for each in ends):
        return []
    return [_("De school kon hieruit niet zien wie u bent. Kom langs bij de balie, of stuur een nieuw bewijs.")]


def _handed_in(row: MaskedDocument) -> str:
    return _("De school kreeg dit op %(day)s.", day=written("date", local(row.attested_at).date()))


def _seen(row: MaskedDocument) -> str:
    if row.seen_at is not None:
        return _("Een medewerker keek ernaar op %(day)s.", day=written("date", local(row.seen_at).date()))
    return _("Niemand keek ernaar.") if _gone_at(row) is not None else _("Nog niemand keek ernaar.")


def _gone(row: MaskedDocument) -> str:
    gone_at = _gone_at(row)
    if gone_at is not None:
        return _("De foto is gewist op %(day)s.", day=written("date", local(gone_at).date()))
    return _("De foto wordt gewist zodra de school beslist.")


def _gone_at(row: MaskedDocument) -> datetime | None:
    """Return when its picture went: with the decision, or with its own term where nobody decided."""
    return row.destroyed_at or (files.get_file(row.file_id).gone_at if row.file_id is not None else None)
