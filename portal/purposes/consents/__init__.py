"""Consents: giving one, and which one holds when two records become one."""
