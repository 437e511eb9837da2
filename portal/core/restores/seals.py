"""The audit's chains in a restored database: they end at an older seal than the key store remembers."""

from portal.core.audit.models import Chain
from portal.core.audit.seals import standing_of
from portal.core.crypto import keys


def bring_heads_back() -> dict[str, int]:
    """Let the key store remember the newest seal that the database has, of each chain of the school in scope.

    Returns how many seals were lost with the database, by chain: that is written into the audit, so that the chain goes
    on from what is there and says that there was more.
    """
    lost = {}
    for chain in Chain:
        head, standing = keys.seal_head(chain.value), standing_of(chain)
        if head is not None and head[0] > standing.number:
            keys.replace_seal_head(chain.value, standing.number, standing.code)
            lost[chain.value] = head[0] - standing.number
    return lost
