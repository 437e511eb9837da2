"""Headers that several parts of an answer add to."""

from werkzeug.wrappers import Response


def vary_by(response: Response, name: str) -> None:
    """Say that an answer depends on a header of the request; once for each."""
    there = response.headers.get("Vary", "")
    if name not in there:
        response.headers["Vary"] = f"{there}, {name}" if there else name
