"""The web server's processes: uvicorn, one process that looks after the others, each with its own app."""

import logging
import multiprocessing
import os
import resource
import signal
import socket
import threading

from uvicorn import Config
from uvicorn.supervisors import Multiprocess

from portal.core import logs
from portal.web.connections import Connection

_KEEP_ALIVE_SECONDS = 65
_FINISH_SECONDS = 30
_HEALTH_SECONDS = 120  # a process that is still being loaded answers nobody
_BACKLOG = 2048
_MOST_HEAD_BYTES = 64 * 1024
_MOST_FILES = 65_536


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at this address; raises OSError where it can't."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def run(factory: str, listener: socket.socket, *, processes: int) -> bool:
    """Serve the ASGI app that `factory` names ("module:function") until TERM or INT; say whether it ever could.

    TERM lets the requests in hand finish, for half a minute. A process that dies or hangs is started again.
    """
    config = Config(
        factory,
        factory=True,
        interface="asgi3",
        http=Connection,
        ws="none",
        loop="asyncio",
        lifespan="off",
        workers=processes,
        backlog=_BACKLOG,
        h11_max_incomplete_event_size=_MOST_HEAD_BYTES,
        log_config=None,
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_FINISH_SECONDS,
        timeout_worker_healthcheck=_HEALTH_SECONDS,
    )
    logs.take_in_libraries()
    logging.getLogger("uvicorn.error").setLevel(logging.INFO)  # here it tells of the processes
    supervisor = Multiprocess(config, sockets=[listener])
    supervisor.run()
    return all(process.exitcode in {0, -signal.SIGTERM} for process in supervisor.processes)


def prepare_process() -> None:
    """Make ready a process that serves: its log, its number of connections, its end when its parent ends."""
    logs.take_in_libraries()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_FILES if most == resource.RLIM_INFINITY else min(most, _MOST_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with_parent, args=(parent,), name="parent", daemon=True).start()


def _end_with_parent(parent: "multiprocessing.process.BaseProcess") -> None:
    """Stop this process once its parent is gone, also where that was killed: nobody stays on the port."""
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
