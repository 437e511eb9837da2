"""The app's request: uploads stay in memory, and no parameter holds the one character that no text column takes."""

from collections.abc import Iterable
from io import BytesIO
from typing import IO, Any

from htmx_flask import HtmxAwareRequest
from werkzeug.datastructures import FileStorage, ImmutableMultiDict
from werkzeug.formparser import FormDataParser


def _in_memory(*_args: Any, **_facts: Any) -> IO[bytes]:
    return BytesIO()


def _without_nul(value: Any) -> Any:
    if isinstance(value, FileStorage) and value.filename:
        value.filename = value.filename.replace("\0", "")
    return value.replace("\0", "") if isinstance(value, str) else value


class Parameters(ImmutableMultiDict[str, Any]):
    """Parameters of an address or a form, names and values alike without NUL, which no keyboard types."""

    def __init__(self, pairs: Iterable[tuple[str, Any]] = ()) -> None:
        """Take what was sent, in its order."""
        super().__init__([(_without_nul(name), _without_nul(value)) for name, value in pairs])


class PortalRequest(HtmxAwareRequest):
    """Flask's request as htmx-flask extends it, whose form parser else writes uploads of more than 500 KB to a file."""

    parameter_storage_class = Parameters

    def make_form_data_parser(self) -> FormDataParser:
        """Return the parser of this request's form, which keeps uploads in memory."""
        parser: FormDataParser = self.form_data_parser_class(
            stream_factory=_in_memory,
            max_form_memory_size=self.max_form_memory_size,
            max_content_length=self.max_content_length,
            max_form_parts=self.max_form_parts,
            cls=self.parameter_storage_class,
        )
        return parser
