"""A learner's copy holds every value of hers, by the registry: as JSON, and in words on the page."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Enum, select

from portal.core.clock import now
from portal.core.db.base import Base
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.personal_data import PersonKind, Sealed, registry, rows_of
from portal.learners.entries.kinds import KINDS
from portal.learners.record.fields import FIELDS
from portal.policy.queries import current_policy
from portal.progress.models import Rung
from portal.requests.copies.contents.labels import has_label
from portal.requests.copies.contents.rows import fields_held, is_free_text
from portal.requests.copies.contents.signed import signed_fields
from portal.requests.copies.contents.titles import own_title, signed_title
from portal.requests.copies.contents.values import ValueTexts, field_label, raw, table_title
from portal.requests.copies.contents.withheld import LOG, STRUCTURED, withheld
from portal.schools.queries import SchoolView
from tests.factories.copies import archive_of, ask_copy, make
from tests.factories.everything import Everything
from tests.signing_in import make_account

_LEARNER = PersonKind.LEARNER
WITHHELD = withheld(_LEARNER)
SLUGS = ("lest-best", "meester-in-nt2", "step-inburgering", "onderwijs-pro", "leren-leren")


def given(copy: dict[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """Yield each value of a copy's JSON: its field, the value as it is stored, its words."""
    for category in copy["categories"]:
        for table in category["tables"]:
            for row in table["rows"]:
                for name, value in (row["origin"] or {}).items():
                    yield f"{table['table']}.{name}", value, ""
                for each in row["values"]:
                    yield each["field"], each["value"], each["words"]
                    for name, value in (each["origin"] or {}).items():
                        yield f"field_origin.{name}", value, ""


def held(learner_ids: list[Any]) -> dict[str, list[Any]]:
    """What the database holds by field, sealed values as there being one; read without the feature's own code."""
    found: dict[str, list[Any]] = {}
    for key in registry(Base.metadata, _LEARNER):
        table, __, name = key.partition(".")
        column = Base.metadata.tables[table].c[name]
        of = (column.table.c.school_id == current_school_id(), rows_of(column.table, _LEARNER, learner_ids))
        values = [value for value in session.scalars(select(column).where(*of)) if value is not None]
        found[key] = [None if isinstance(column.type, Sealed) else raw(value) for value in values]
    return found


@pytest.mark.promise("ST-02", part="copy")
@pytest.mark.parametrize("slug", SLUGS)
def test_every_declared_value_stands_in_the_json_and_on_the_page(app: Flask, enter: Any, slug: str) -> None:
    with enter(slug), app.app_context():
        everything = Everything()
        account = make_account("Amina Account", "learner")
        account.sign_in_number, account.password_changed_at, account.password_hash = "471147", now(), "hash-of-hers"
        everything.learner.account_id = account.id
        session.flush()
        copy = ask_copy(everything.learner)
        stored = held([everything.learner.id])
        parts = archive_of(make(copy))
        policy = current_policy()
        unkept = {kind.name for kind in KINDS.values() if not kind.is_kept(policy)}
        allowed = {key for key in everything.said if policy.allows(key) and key.partition(".")[0] not in unkept}

    values = list(given(json.loads(parts["mijn-gegevens.json"])))
    pairs = {(key, repr(value)) for key, value, _words in values}
    fields = {key for key, _value, _words in values}
    missing = [
        (key, value)
        for key, found in stored.items()
        if key not in WITHHELD and key != "field_origin.learner_id"  # stands beside the value, in her own copy
        for value in found
        if value != "" and (key not in fields if value is None else (key, repr(value)) not in pairs)
    ]
    assert not missing, missing[:5]
    assert allowed - {key for key in allowed if key.startswith("account_session.")} <= fields
    page = _text(parts["mijn-gegevens.html"])
    assert not [words for _key, _value, words in values if words and _squeezed(words) not in page]
    assert ("NL91ABNA0417164300" in page) is policy.allows("learner.iban")
    assert ("999999990" in page) is policy.allows("learner.bsn")
    assert "hash-of-hers" not in page
    assert parts["mijn-gegevens.pdf"].startswith(b"%PDF")


def _text(page: bytes) -> str:
    return _squeezed(unescape(re.sub(r"<[^>]+>", "", page.decode())))


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def test_every_field_and_table_has_a_name_of_its_own(in_dutch: None) -> None:
    known = [key for key in registry(Base.metadata, _LEARNER) if key not in WITHHELD]
    nameless = [key for key in known if key not in FIELDS and not has_label(key.partition(".")[2])]
    assert len(known) > 200
    assert not nameless
    assert not [key for key in known if field_label(key) == key.partition(".")[2]]
    tables = {key.partition(".")[0] for key in known} - LOG
    assert not [table for table in tables if table_title(table) == table.capitalize() and "_" in table]


@pytest.mark.parametrize("kind", PersonKind)
def test_every_code_is_given_in_words(school: SchoolView, in_dutch: None, kind: PersonKind) -> None:
    texts, given, bare = ValueTexts([], "nl"), 0, []
    for table in Base.metadata.sorted_tables:
        for key, column in ((each.key, table.columns[each.column]) for each in fields_held(table, kind)):
            codes = column.type.enum_class if isinstance(column.type, Enum) else None
            if codes is None or codes is Rung:  # the levels are called by their codes
                continue
            given += 1
            bare += [(key, code.value) for code in codes if texts.value(table, column.name, code) in {"", code.value}]
    assert given > 3
    assert not [each for each in bare if each[1] not in _OWN_WORDS], bare


_OWN_WORDS = {"website", "auditor", "curator", "mentor", "partner"}
"""Codes that are the Dutch word as well."""


@pytest.mark.promise("MN-18")
@pytest.mark.parametrize("kind", [each for each in PersonKind if each is not _LEARNER])
def test_what_is_declared_of_others_is_given_counted_logged_or_left_out_with_a_reason(
    in_dutch: None, kind: PersonKind
) -> None:
    tables = Base.metadata.sorted_tables
    given = {each.key for table in tables for each in fields_held(table, kind)}
    counted = {each.key for table in tables for each in signed_fields(table, kind)}
    logged = {key for key in registry(Base.metadata, kind) if key.partition(".")[0] in LOG}
    assert given | counted | logged | set(withheld(kind)) == set(registry(Base.metadata, kind))
    assert not (given | counted) & set(withheld(kind))
    assert not given & counted
    own = {key.partition(".")[0] for key in given}
    titles = {table: own_title(table) for table in own}
    assert not [table for table, title in titles.items() if title.lower() == table]
    assert not [key for key in given if field_label(key) == key.partition(".")[2]]
    signed = {key.partition(".")[0] for key in counted} - LOG
    assert not [table for table in signed if signed_title(table).lower() == table]


def test_what_is_withheld_or_structured_is_there() -> None:
    known = registry(Base.metadata, _LEARNER)
    columns = {f"{table.name}.{column.name}" for table in Base.metadata.sorted_tables for column in table.columns}
    assert not [key for key in WITHHELD if key not in known]
    for kind in PersonKind:
        assert not [key for key in withheld(kind) if key not in registry(Base.metadata, kind)]
    assert not [key for key in STRUCTURED if key not in columns]
    assert is_free_text(Base.metadata.tables["note"].c.body)
    assert is_free_text(Base.metadata.tables["correspondence"].c.body)
    assert not is_free_text(Base.metadata.tables["learner"].c.bsn)
