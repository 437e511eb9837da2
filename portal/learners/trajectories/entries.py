"""A trajectory as an entry of the record."""

from portal.core.http.languages import _l
from portal.learners.entries.kinds import EntryKind
from portal.learners.record.fields import fields_in
from portal.learners.trajectories.labels import ACTS, FUNDINGS, LABELS, ROUTES, TARGET_GROUPS
from portal.learners.trajectories.models import Trajectory

TRAJECTORY = EntryKind(
    model=Trajectory,
    slug="trajecten",
    title=_l("Trajecten"),
    one=_l("traject"),
    none=_l("Deze cursist heeft nog geen traject."),
    order="starts_on",
    period=("starts_on", "ends_on"),
    all_fields=tuple(
        fields_in(
            Trajectory,
            LABELS,
            inputs={
                "agreement": "long",
                "client_id": "link",
                "client_manager_id": "link",
                "contract_number": "number",
                "hours_bought": "whole",
                "minutes_before": "hours",
                "municipality_asked_on": "past_date",
                "municipality_request_ended_on": "past_date",
            },
            choices={"act": ACTS, "route": ROUTES, "target_group": TARGET_GROUPS, "funding": FUNDINGS},
        )
    ),
)
