"""Complaints and how they were handled. Tables: complaint."""
