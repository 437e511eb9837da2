"""The blueprint of hours, which answers only where the school keeps attendance."""

from flask import Blueprint

from portal.attendance.registers.queries import keeps_attendance
from portal.core.errors import NotFound

blueprint = Blueprint("hours", __name__)


@blueprint.before_request
def _only_where_kept() -> None:
    if not keeps_attendance():
        raise NotFound("feature_off")
