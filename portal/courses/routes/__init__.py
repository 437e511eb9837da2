"""The addresses of courses; each file holds those of one thing a person does."""

from portal.courses.routes import courses, groups, holidays, lessons, teachers
from portal.courses.routes.blueprint import blueprint

__all__ = ["blueprint", "courses", "groups", "holidays", "lessons", "teachers"]
