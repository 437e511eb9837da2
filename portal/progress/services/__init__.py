"""What people do with progress: levels and KNM of a group at once, results, evaluations and notes."""

from portal.progress.services import correcting
from portal.progress.services.group import record_group
from portal.progress.services.levels import NewLevel, delete_level, record_levels
from portal.progress.services.results import record_result
from portal.progress.services.writing import change_visibility, write_evaluation, write_note

__all__ = [
    "NewLevel",
    "change_visibility",
    "correcting",
    "delete_level",
    "record_group",
    "record_levels",
    "record_result",
    "write_evaluation",
    "write_note",
]
