"""What is done to a school: added by the operator, its settings changed by its management."""

from portal.schools.services.adding import add_school
from portal.schools.services.following import follow_policy
from portal.schools.services.settings import (
    add_host,
    change_look,
    change_sign_in_rules,
    make_primary_host,
    remove_host,
    remove_logo,
    store_logo,
)

__all__ = [
    "add_host",
    "add_school",
    "change_look",
    "change_sign_in_rules",
    "follow_policy",
    "make_primary_host",
    "remove_host",
    "remove_logo",
    "store_logo",
]
