"""Settings from the environment, typed, read once and checked at the start."""

import sys
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url


class Settings(BaseSettings):
    """Every setting; the environment variable is the alias."""

    model_config = SettingsConfigDict(extra="ignore", populate_by_name=True)

    database_url: Annotated[str, Field(alias="DATABASE_URL", description="postgresql URL of the application role")]
    keys_url: Annotated[str, Field(alias="PORTAL_KEYS_URL", description="URL of the keys' own database")]
    keys_copy_url: Annotated[
        str | None, Field(alias="PORTAL_KEYS_COPY_URL", description="URL of the second copy of the keys")
    ] = None
    redis_url: Annotated[str, Field(alias="REDIS_URL", description="redis URL")] = "redis://127.0.0.1:6379/0"
    prepare_statements: Annotated[
        bool, Field(alias="PORTAL_PREPARE_STATEMENTS", description="off behind PgBouncer in transaction mode")
    ] = True
    migrate_database_url: Annotated[str | None, Field(alias="PORTAL_MIGRATE_DATABASE_URL")] = None
    migrate_keys_url: Annotated[str | None, Field(alias="PORTAL_MIGRATE_KEYS_URL")] = None
    migrate_keys_copy_url: Annotated[str | None, Field(alias="PORTAL_MIGRATE_KEYS_COPY_URL")] = None
    backup_database_url: Annotated[
        str | None, Field(alias="PORTAL_BACKUP_DATABASE_URL", description="as a role with BYPASSRLS")
    ] = None
    backup_dir: Annotated[Path | None, Field(alias="PORTAL_BACKUP_DIR", description="folder for backups")] = None
    backup_keys_dir: Annotated[
        Path | None, Field(alias="PORTAL_BACKUP_KEYS_DIR", description="folder for the keys, apart from the backups")
    ] = None
    backup_keys_copy_dir: Annotated[
        Path | None, Field(alias="PORTAL_BACKUP_KEYS_COPY_DIR", description="folder for the keys' second copy")
    ] = None
    backup_days: Annotated[int, Field(alias="PORTAL_BACKUP_DAYS", ge=1, le=366, description="the term of a backup")] = (
        30
    )
    hosting_file: Annotated[
        Path | None, Field(alias="PORTAL_HOSTING_FILE", description="a TOML file: who runs the portal, and with whom")
    ] = None
    pg_programs: Annotated[
        Path | None, Field(alias="PORTAL_PG_PROGRAMS", description="folder with pg_dump and pg_restore")
    ] = None
    backup_hours: Annotated[
        int, Field(alias="PORTAL_BACKUP_HOURS", ge=1, le=744, description="how old the newest backup may be")
    ] = 26
    drill_hours: Annotated[
        int, Field(alias="PORTAL_DRILL_HOURS", ge=0, le=8784, description="how old the last drill may be; 0: any")
    ] = 0
    disk_free_percent: Annotated[
        int, Field(alias="PORTAL_DISK_FREE_PERCENT", ge=0, le=100, description="of each disk, below which is an alarm")
    ] = 10
    operator_email: Annotated[
        str | None, Field(alias="PORTAL_OPERATOR_EMAIL", pattern="^[^@\\s]+@[^@\\s]+$", description="an address")
    ] = None
    secret_key: Annotated[
        SecretStr, Field(alias="PORTAL_SECRET_KEY", min_length=32, description="at least 32 random characters")
    ]
    master_key: Annotated[SecretStr | None, Field(alias="PORTAL_MASTER_KEY", description="32 bytes, base64")] = None
    master_key_file: Annotated[Path | None, Field(alias="PORTAL_MASTER_KEY_FILE")] = None
    files_dir: Annotated[Path, Field(alias="PORTAL_FILES_DIR", description="folder for encrypted files")]
    mail_dir: Annotated[Path | None, Field(alias="PORTAL_MAIL_DIR")] = None
    smtp_url: Annotated[SecretStr | None, Field(alias="PORTAL_SMTP_URL")] = None
    mail_from: Annotated[str, Field(alias="PORTAL_MAIL_FROM")] = "noreply@localhost"
    external_scheme: Annotated[str, Field(alias="PORTAL_EXTERNAL_SCHEME", pattern="^https?$")] = "https"
    external_port: Annotated[int | None, Field(alias="PORTAL_EXTERNAL_PORT")] = None
    threads: Annotated[int, Field(alias="PORTAL_THREADS", ge=1, le=64, description="threads of a web process")] = 4
    access_log: Annotated[bool, Field(alias="PORTAL_ACCESS_LOG", description="a line for each request")] = True
    head_seconds: Annotated[float, Field(alias="PORTAL_HEAD_SECONDS", gt=0, description="for a request's head")] = 10
    body_seconds: Annotated[float, Field(alias="PORTAL_BODY_SECONDS", gt=0, description="for a request's body")] = 30
    upload_seconds: Annotated[float, Field(alias="PORTAL_UPLOAD_SECONDS", gt=0, description="for an upload")] = 600
    answer_seconds: Annotated[
        float, Field(alias="PORTAL_ANSWER_SECONDS", gt=0, description="for taking each 64 KiB of an answer")
    ] = 30
    proxies: Annotated[int, Field(alias="PORTAL_PROXIES", ge=0, le=5, description="trusted proxies in front")] = 0
    demo: Annotated[bool, Field(alias="PORTAL_DEMO")] = False
    argon2_memory_kib: Annotated[int, Field(alias="PORTAL_ARGON2_MEMORY_KIB", ge=19456)] = 19456
    argon2_time: Annotated[int, Field(alias="PORTAL_ARGON2_TIME", ge=2)] = 3
    operator_port: Annotated[
        int, Field(alias="PORTAL_OPERATOR_PORT", ge=0, le=65535, description="for /gezond and /metrics; 0: none")
    ] = 0

    @field_validator(
        "database_url",
        "keys_url",
        "keys_copy_url",
        "migrate_database_url",
        "migrate_keys_url",
        "migrate_keys_copy_url",
        "backup_database_url",
    )
    @classmethod
    def _with_driver(cls, url: str | None) -> str | None:
        """Let a plain postgresql URL mean the driver that we ship; refuse another database."""
        if url is None:
            return None
        scheme, separator, rest = url.partition("://")
        if not separator or scheme.split("+")[0] not in {"postgresql", "postgres"}:
            raise ValueError("a postgresql:// URL is wanted")
        return f"postgresql+psycopg://{rest}"

    @field_validator("demo")
    @classmethod
    def _with_its_code(cls, demo: bool) -> bool:
        """Refuse to be a demo where its code is left out: in a release."""
        if demo and not (Path(__file__).parent / "demo").is_dir():
            raise ValueError("a release has no demo; leave this setting out")
        return demo

    @field_validator("keys_copy_url")
    @classmethod
    def _of_its_own(cls, url: str | None, given: ValidationInfo) -> str | None:
        """Refuse a second copy in the database of the first."""
        if url is not None and url == given.data.get("keys_url"):
            raise ValueError("a database of its own is wanted, and this is that of PORTAL_KEYS_URL")
        return url

    @property
    def key_stores(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """The setting and the URL of each copy of the keys; the second is `…_copy` beside the first unless set."""
        first = make_url(self.keys_url)
        beside = first.set(database=f"{first.database}_copy").render_as_string(hide_password=False)
        return ("PORTAL_KEYS_URL", self.keys_url), ("PORTAL_KEYS_COPY_URL", self.keys_copy_url or beside)


class SettingsError(Exception):
    """A setting is missing or wrong; the text names it and says what is wanted."""


def load_settings() -> Settings:
    """Read the settings from the environment; raises SettingsError with a line for each mistake."""
    try:
        return Settings()  # type: ignore[call-arg]
    except ValidationError as error:
        lines = [f"{problem['loc'][0]}: {problem['msg']}" for problem in error.errors()]
        raise SettingsError("; ".join(lines)) from None


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings, read once for the process."""
    return load_settings()


def settings_or_exit() -> Settings:
    """Return the settings; on a mistake print one line and end with code 2."""
    try:
        return settings()
    except SettingsError as error:
        print(f"portal: {error}", file=sys.stderr)
        raise SystemExit(2) from None
