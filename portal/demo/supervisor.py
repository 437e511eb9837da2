"""Web server and worker of the demo: started, started again when one dies, stopped together."""

import http.client
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

from portal.demo.environment import MARK
from portal.demo.processes import StartError, collect, end, is_alive, last_line, marked, start

_READY_SECONDS = 180  # on a busy machine; a program that ended is noticed at once
_HASTE_SECONDS = 5
_HASTY_MOST = 3


class _Program:
    """One subcommand of `portal`, kept running."""

    def __init__(self, folder: Path, name: str, *words: str) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        self.command = [str(Path(sys.executable).with_name("portal")), name, *words]
        self.hasty = 0
        self.start()

    def start(self) -> None:
        self.started = time.monotonic()
        self.pid = start(self.command, log=self.log)

    def keep_running(self) -> None:
        """Start it again where it died; give up on one that dies as soon as it starts."""
        if is_alive(self.pid):
            return
        collect(self.pid)
        self.hasty = self.hasty + 1 if time.monotonic() - self.started < _HASTE_SECONDS else 0
        if self.hasty >= _HASTY_MOST:
            raise StartError(f"portal {self.name} doesn't run: {last_line(self.log)} (more in {self.log})")
        print(f"portal {self.name} ended and is started again", flush=True)
        self.start()


class Supervisor:
    """Holds the programs for as long as the block runs."""

    def __init__(self, folder: Path, port: int, keep_services: Callable[[], None]) -> None:
        self.folder = folder
        self.keep_services = keep_services
        self.port = port
        self.programs: list[_Program] = []
        self.parent = os.getppid() if "MAKELEVEL" in os.environ else None

    def __enter__(self) -> Self:
        for name, words in (("serve", ("--port", str(self.port))), ("worker", ())):
            self.programs.append(_Program(self.folder, name, *words))
        return self

    def __exit__(self, *_: object) -> None:
        end([program.pid for program in self.programs], first=signal.SIGTERM, seconds=15)
        end(marked(MARK, str(self.folder)), seconds=5)
        for program in self.programs:
            collect(program.pid)

    def wait_until_ready(self, hosts: Sequence[str]) -> None:
        """Return when every school answers; raises StartError with the server's last words when they don't."""
        until = time.monotonic() + _READY_SECONDS
        for host in hosts:
            while not self._answers(host):
                for program in self.programs:
                    program.keep_running()
                if time.monotonic() > until:
                    log = self.programs[0].log
                    raise StartError(f"the web server doesn't answer: {last_line(log)} (more in {log})")
                time.sleep(0.1)

    def _answers(self, host: str) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/privacy", headers={"Host": f"{host}:{self.port}"})
            return connection.getresponse().status < 400
        return False

    def watch(self) -> None:
        """Keep the programs running until a signal; where make started us and was killed, stop as well."""
        while self.parent is None or os.getppid() == self.parent:
            self.keep_services()
            for program in self.programs:
                program.keep_running()
            time.sleep(0.5)
