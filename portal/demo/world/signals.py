"""The rules by which a made-up school wants signals; the worker raises them from what the registers say."""

from portal.demo.bulk import store
from portal.demo.world.plan import World
from portal.signals.evaluation import USUAL
from portal.signals.models import SignalRule


def fill(world: World) -> None:
    """Set the usual rules, all on, where the school's policy keeps attendance."""
    if world.policy.allows("signal.facts"):
        store(SignalRule, [{"kind": kind, "threshold": usual, "is_on": True} for kind, usual in USUAL.items()])
