"""What a command on the shell needs before it does anything: the database as the application's role, and a school."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import click
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import text

from portal.config import settings_or_exit
from portal.core.db import migrations
from portal.core.db import session as database
from portal.core.db.engine import make_engine
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http import languages


def bind_database() -> None:
    """Bind the application's role, after making sure that it isn't a powerful one; ends the command otherwise."""
    if database.is_bound():
        return
    settings = settings_or_exit()
    engine = make_engine(settings.database_url, prepares=settings.prepare_statements)
    with engine.connect() as connection:
        why = migrations.refuse_powerful_role(connection)
    if why is not None:
        raise click.ClickException(why)
    database.bind(engine)


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Translate into this language what the command says inside."""
    app = Flask("portal")
    languages.install(app)
    with app.app_context(), force_locale(code):
        yield


@contextmanager
def at_school(slug: str) -> Iterator[UUID]:
    """Bind the database and enter the school with this slug; ends the command when there is none."""
    bind_database()
    with in_school(None):
        school_id: UUID | None = session.scalar(text("select school_by_slug(:slug)"), {"slug": slug})
    if school_id is None:
        raise click.ClickException(f'there is no school "{slug}"; `portal school list` shows them')
    with in_school(school_id):
        yield school_id
