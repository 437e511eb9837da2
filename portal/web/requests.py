"""The app's request: uploads stay in memory, so that nothing unencrypted lies in a temporary folder."""

from io import BytesIO
from typing import IO, Any

from htmx_flask import HtmxAwareRequest
from werkzeug.formparser import FormDataParser


def _in_memory(*_args: Any, **_facts: Any) -> IO[bytes]:
    return BytesIO()


class PortalRequest(HtmxAwareRequest):
    """Flask's request as htmx-flask extends it, whose form parser else writes uploads of more than 500 KB to a file."""

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
