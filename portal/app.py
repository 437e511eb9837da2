"""create_app(), and the app as `portal serve` runs it; what happens to a request stands in `portal.web.lifecycle`."""

from pathlib import Path

from flask import Flask
from htmx_flask import Htmx
from jinja2 import StrictUndefined
from sqlalchemy import Engine
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import wiring
from portal.config import Settings
from portal.config import settings as read_settings
from portal.core import logs
from portal.core.db import session as database
from portal.core.db.engine import make_engine
from portal.core.garbage import pass_over_what_stays
from portal.core.http import assets, languages
from portal.core.http.access import check_every_address
from portal.core.http.body_limits import USUAL, check_every_upload
from portal.web import layout, lifecycle
from portal.web.exchanges import Limits
from portal.web.request_gate import RequestGate
from portal.web.requests import PortalRequest
from portal.web.server import prepare_process
from portal.web.upload_access import may_upload

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: Settings | None = None) -> Flask:
    """Make the web application; raises RuntimeError when an address declares no access."""
    settings = settings or read_settings()
    logs.install()
    app = Flask(
        "portal",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        static_url_path="/static",
        root_path=str(ROOT / "portal"),
    )
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        SESSION_COOKIE_NAME="__Host-inzage",
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=30 * 24 * 3600,
        SEND_FILE_MAX_AGE_DEFAULT=365 * 24 * 3600,
        MAX_CONTENT_LENGTH=USUAL,
        MAX_FORM_MEMORY_SIZE=USUAL,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        PORTAL=settings,
    )
    app.jinja_options = {**app.jinja_options, "cache_size": -1}  # every template stays: there are more than Jinja keeps
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    if not database.is_bound():
        database.bind(_engine(settings))
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0, x_port=0, x_prefix=0
        )
    Htmx(app)
    app.request_class = PortalRequest
    languages.install(app)
    layout.install(app)
    assets.install(app)
    lifecycle.install(app)
    for blueprint in wiring.blueprints(demo=settings.demo):
        app.register_blueprint(blueprint)
    lifecycle.declare_static(app)
    check_every_address(app)
    check_every_upload(app)
    return app


def _engine(settings: Settings) -> Engine:
    return make_engine(settings.database_url, prepares=settings.prepare_statements, plans_once=True, limits=True)


def served_app() -> Flask:
    """Make the app, compile its templates, and let the garbage collector pass over all of that.

    The engine is its own, whatever the process was forked from had bound: pages plan their statements once.
    """
    database.bind(_engine(read_settings()))
    app = create_app()
    app.jinja_env.auto_reload = False
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)
    pass_over_what_stays()
    return app


def asgi_app() -> RequestGate:
    """Make the app for a process of `portal serve`, behind the limits of bodies, seconds and threads."""
    prepare_process()
    settings = read_settings()
    limits = Limits(
        body_seconds=settings.body_seconds,
        upload_seconds=settings.upload_seconds,
        answer_seconds=settings.answer_seconds,
    )
    return RequestGate(
        served_app(), limits, threads=settings.threads, may_upload=may_upload, logs_requests=settings.access_log
    )
