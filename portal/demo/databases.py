"""The demo's databases: the schools' data and, apart, two copies of the keys; on the demo's own server or one given."""

from contextlib import suppress
from dataclasses import dataclass

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from portal.demo.processes import StartError

APPLICATION = "inzage_demo"
_MAY_BE_GRANTED = 170_000
_NAME = "inzage"


@dataclass(frozen=True)
class Databases:
    """The address of each database, as the owner of its tables and as the application."""

    owner: str
    application: str
    keys_owner: str
    keys: str
    keys_copy: str


def _text(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def arrange(server: str, password: str, *, given: bool) -> Databases:
    """Say which databases to use and make those that aren't there.

    `server` is the address of an owner who may make databases and roles; where it was `given`, its database is used.
    """
    owner = make_url(server) if given else make_url(server).set(database=_NAME)
    keys = owner.set(database=f"{owner.database}_keys")
    for url in (owner, keys):
        _make(url)
    copy = keys.set(database=f"{keys.database}_copy")
    _make(copy)
    used = (url.set(username=APPLICATION, password=password) for url in (owner, keys, copy))
    application, keys_used, copy_used = map(_text, used)
    return Databases(_text(owner), application, _text(keys), keys_used, copy_used)


def _make(url: URL) -> None:
    with suppress(psycopg.OperationalError), psycopg.connect(_text(url), connect_timeout=10):
        return
    try:
        with psycopg.connect(_text(url.set(database="postgres")), connect_timeout=10, autocommit=True) as connection:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(url.database or _NAME)))
    except psycopg.Error as error:
        raise StartError(f"database {url.database} can't be made: {str(error).splitlines()[0]}") from None


def let_in(databases: Databases, password: str) -> None:
    """Give the application's role this demo's password; an earlier demo on the same server may have set another.

    From PostgreSQL 17 on it may also count what it stores, which is the owner's alone before (`bulk.store`).
    """
    with psycopg.connect(databases.owner, autocommit=True) as connection:
        connection.execute(
            sql.SQL("alter role {} password {}").format(sql.Identifier(APPLICATION), sql.Literal(password))
        )
        if connection.info.server_version >= _MAY_BE_GRANTED:
            connection.execute(
                sql.SQL("grant maintain on all tables in schema public to {}").format(sql.Identifier(APPLICATION))
            )


def empty(databases: Databases) -> None:
    """Drop the databases, so that the demo starts afresh."""
    owner = make_url(databases.owner)
    for address in (databases.owner, databases.keys, databases.keys_copy):
        url = owner.set(database=make_url(address).database)
        with psycopg.connect(_text(url.set(database="postgres")), autocommit=True) as connection:
            name = sql.Identifier(url.database or _NAME)
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(name))
