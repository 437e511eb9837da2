"""What a host name may look like."""

import re

from portal.core.errors import Invalid

_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")


def checked_host(host: str) -> str:
    """Return a host name in small letters; raises Invalid where it isn't one, such as an address with a port."""
    host = host.strip().lower().rstrip(".")
    if not _HOST.fullmatch(host):
        raise Invalid("host", "not_a_host", host=host)
    return host
