"""A secret address at which a calendar reads somebody's lessons. Tables: calendar_feed."""
