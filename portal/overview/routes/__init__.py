"""Addresses of the pages that read several features."""

from portal.overview.routes import audit, my_data, my_lessons, my_levels, start, today
from portal.overview.routes.blueprint import blueprint

__all__ = ["audit", "blueprint", "my_data", "my_lessons", "my_levels", "start", "today"]
