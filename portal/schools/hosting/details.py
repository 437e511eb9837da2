"""The file in which the operator says who runs the portal and with whom, typed; what isn't in it isn't recorded yet."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from portal.config import settings

_log = structlog.get_logger(__name__)
Line = Annotated[str, Field(min_length=1, max_length=300)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class HostingError(Exception):
    """The file can't be read or isn't right; the text says where and what is wanted."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Subprocessor(_Part):
    """Somebody who does a part of the work for the hosting; outside the EEA there is a ground for that."""

    name: Line
    does: Line
    country: Country
    safeguard: Literal["adequacy", "standard_clauses"] | None = None


class Agreement(_Part):
    """The agreement of one school with the hosting."""

    signed_on: date
    version: Line | None = None


class Hosting(_Part):
    """Who runs the portal. An empty one stands for a file that there isn't."""

    name: Line | None = None
    address: Line | None = None
    email: Line | None = None
    privacy_officer: Line | None = None
    measures: tuple[Line, ...] = ()
    subprocessors: tuple[Subprocessor, ...] = ()
    agreements: Mapping[str, Agreement] = Field(default_factory=dict)


def read_hosting(path: Path) -> Hosting:
    """Return what a file says; raises HostingError with a line for each mistake."""
    try:
        return Hosting.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise HostingError(f"{path}: can't be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise HostingError(f"{path}: {error}") from None
    except ValidationError as wrong:
        lines = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in wrong.errors()]
        raise HostingError(f"{path}: {'; '.join(lines)}") from None


@lru_cache(maxsize=4)
def _read(path: Path, _changed: float) -> Hosting:
    return read_hosting(path)


def find_hosting() -> Hosting:
    """Return who runs the portal, as the file says now; an empty answer where there is none that can be read."""
    path = settings().hosting_file
    if path is None:
        return Hosting()
    try:
        return _read(path, path.stat().st_mtime)
    except (HostingError, OSError) as error:
        _log.error("hosting_file_wrong", error=str(error))
        return Hosting()
