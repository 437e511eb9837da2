"""Everything that whoever has the database, the files, Redis and the keys of a school can still read."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from redis import Redis
from sqlalchemy import select

from portal.core.crypto import files, keys
from portal.core.crypto.ciphers import KeysError
from portal.core.db.base import Base
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.mail import Mail
from portal.core.personal_data import Sealed, sealing_field
from portal.core.redis import redis
from portal.imports.models import ImportPage, ImportRun
from portal.imports.queries import PAGES, SAMPLES

_PEOPLE = ("learner_id", "kept_id", "contact_person_id", "account_id", "id", "request_id")
_KINDS = ("word/", "xl/", ".csv", ".json", ".txt", ".html", ".xml")


def readable() -> dict[str, str]:
    """Return what can be read in the school in scope, in small letters, by where it stands."""
    found: dict[str, list[str]] = {}
    for place, said in _everything():
        found.setdefault(place, []).append(said.lower())
    return {place: "\n".join(parts) for place, parts in found.items()}


def _everything() -> Iterator[tuple[str, str]]:
    for name, table in Base.metadata.tables.items():
        if not table.info.get("school_owned"):
            continue
        rows = session.execute(select(table).where(table.c.school_id == current_school_id())).mappings().all()
        for row in rows:
            for column in table.columns:
                yield from ((f"{name}.{column.name}", each) for each in _said(column, row))
    yield from _mails()
    yield from _files()
    yield from _imports()
    yield from _redis()


def _said(column: Any, row: Mapping[str, Any]) -> Iterator[str]:
    value = row[column.name]
    if value is None:
        return
    if isinstance(column.type, Sealed):
        opened = _opened(column, row)
        if opened is not None:
            yield opened
    if isinstance(value, bytes):
        yield value.hex()
    yield " ".join(each.hex() for each in value) if _is_bytes(value) else str(value)


def _is_bytes(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], bytes)


def _opened(column: Any, row: Mapping[str, Any]) -> str | None:
    """Return what a sealed value says, where one of the keys of the people in its row opens it."""
    field = sealing_field(column, row)
    for name in _PEOPLE:
        person_id = row.get(name)
        if isinstance(person_id, UUID):
            try:
                return keys.unseal_in_category(
                    [(person_id, keys.category_of(field), row[column.name])], f"{column.table.name}.{column.name}"
                )[0]
            except (KeysError, LookupError):
                continue
    return None


def _opened_for_school(blob: bytes | None, purpose: str) -> str:
    """Return what is sealed under the school's key; nothing for what a test made up."""
    try:
        return keys.unseal_for_school(blob or b"", purpose)
    except KeysError:
        return ""


def _mails() -> Iterator[tuple[str, str]]:
    for blob in session.scalars(select(Mail.sealed).where(Mail.sealed.is_not(None))):
        yield "a mail that waits", _opened_for_school(blob, "mail")


def _files() -> Iterator[tuple[str, str]]:
    stored = files.StoredFile
    ids = select(stored.id).where(stored.school_id == current_school_id(), stored.gone_at.is_(None))
    for file_id in session.scalars(ids).all():
        try:
            content = b"".join(files.open_file(file_id))
        except (KeysError, FileNotFoundError, NotFound):
            continue
        yield from (("a file", said) for said in _texts_in(content))


def _texts_in(content: bytes) -> Iterator[str]:
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield archive.read(name).decode("utf-8", "replace")
    else:
        yield content.decode("utf-8", "replace")


def _imports() -> Iterator[tuple[str, str]]:
    for content in session.scalars(select(ImportPage.content)):
        yield "a page of an import", _opened_for_school(content, PAGES)
    for samples in session.scalars(select(ImportRun.samples).where(ImportRun.samples.is_not(None))):
        yield "the samples of an import", _opened_for_school(samples, SAMPLES)


def _redis() -> Iterator[tuple[str, str]]:
    kept = redis()
    for name in kept.scan_iter():
        yield "Redis", name.decode("utf-8", "replace")
        yield from (("Redis", value.decode("utf-8", "replace")) for value in _values(kept, name))


def _values(kept: Redis, name: bytes) -> list[bytes]:
    kind = kept.type(name).decode()
    if kind == "string":
        return [kept.get(name) or b""]
    if kind == "hash":
        return [each for pair in kept.hgetall(name).items() for each in pair]
    if kind == "list":
        return list(kept.lrange(name, 0, -1))
    return list(kept.smembers(name)) if kind == "set" else list(kept.zrange(name, 0, -1)) if kind == "zset" else []
