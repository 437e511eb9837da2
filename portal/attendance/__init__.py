"""The register: who was in a lesson, and how long. The reference feature: let the others look like it.

Tables: attendance_mark, mark_change. Teachers keep the registers of their own groups, administration all.
"""
