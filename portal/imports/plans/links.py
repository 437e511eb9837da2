"""What a row names and the record points to: group, course, client and client manager; made where they are missing."""

from datetime import date
from typing import Any
from uuid import UUID

from portal.core.db.base import new_id
from portal.courses.models import CourseKind
from portal.imports.plans.parts import Plan, RowResult
from portal.imports.plans.people import Crowd
from portal.imports.plans.trajectories import asks_trajectory
from portal.imports.workbooks.records import Problem
from portal.learners.search.plain_text import fold
from portal.organisations.models import OrganisationKind

_COURSE = "Nog in te delen"
_KINDS = (
    ("alfa", CourseKind.LITERACY),
    ("litera", CourseKind.LITERACY),
    ("ona", CourseKind.ONA),
    ("knm", CourseKind.KNM),
    ("nt2", CourseKind.NT2),
    ("staatsexamen", CourseKind.NT2),
    ("inburg", CourseKind.INTEGRATION),
    ("integration", CourseKind.INTEGRATION),
)


class Links:
    """Finds by name what rows point to, and plans what isn't there yet."""

    def __init__(self, plan: Plan, crowd: Crowd) -> None:
        self._plan = plan
        self._known = crowd.snapshot
        self._labels = crowd.labels
        self._rules = crowd.rules
        self.today = crowd.rules.today

    def of(self, row: RowResult) -> dict[str, Any] | Problem:
        """Return the ids of a row's client and client manager, or why there can be none."""
        client = row.record.values.get("trajectory.client")
        manager = row.record.values.get("trajectory.client_manager")
        found: dict[str, Any] = {}
        if isinstance(client, str):
            found["client_id"] = self._client(client)
        elif self._rules.client is not None and asks_trajectory(row.record, self._rules):
            found["client_id"] = self._rules.client
        if isinstance(manager, str):
            contact = self._contact(found.get("client_id"), manager)
            if contact is None:
                return Problem(self._labels.of(row.record, "trajectory.client_manager"), "manager_needs_client")
            found["client_manager_id"] = contact
        return found

    def _client(self, name: str) -> UUID:
        key = fold(name)
        if key not in self._known.clients:
            made = self._known.clients[key] = new_id()
            is_town = key.startswith(("gemeente ", "municipality ")) or key.endswith(" gemeente")
            kind = OrganisationKind.MUNICIPALITY if is_town else OrganisationKind.CLIENT
            self._plan.new_clients[made] = {"name": name, "kind": kind}
        return self._known.clients[key]

    def _contact(self, client_id: UUID | None, name: str) -> UUID | None:
        key = fold(name)
        if client_id is None:
            same = [found for (_, known), found in self._known.contacts.items() if known == key]
            return same[0] if len(same) == 1 else None
        if (client_id, key) not in self._known.contacts:
            made = self._known.contacts[client_id, key] = new_id()
            self._plan.new_contacts[made] = {"organisation_id": client_id, "name": name}
        return self._known.contacts[client_id, key]

    def group(self, name: str, course: object, begins: date) -> UUID:
        """Return the id of the group with this name; a new one follows the course named, and begins with its first."""
        key = fold(name)
        found = self._known.groups.get(key)
        if found is None:
            found = self._known.groups[key] = new_id()
            course_id = self._course(course if isinstance(course, str) else None)
            self._plan.new_groups[found] = {"name": name, "course_id": course_id, "starts_on": begins}
        elif found in self._plan.new_groups:
            group = self._plan.new_groups[found]
            group["starts_on"] = min(group["starts_on"], begins)
        return found

    def _course(self, name: str | None) -> UUID:
        if name is None and len(self._known.courses) == 1:
            return next(iter(self._known.courses.values()))
        name = name or _COURSE
        key = fold(name)
        if key not in self._known.courses:
            made = self._known.courses[key] = new_id()
            kind = next((kind for word, kind in _KINDS if word in key), CourseKind.OTHER)
            self._plan.new_courses[made] = {"name": name, "kind": kind}
        return self._known.courses[key]
