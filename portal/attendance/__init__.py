"""The register: who was in a lesson, and how long. The reference feature: let the others look like it.

Tables: absence_notice, attendance_mark, lesson_evidence, mark_change, mark_note. Jobs: attendance.recount_minutes,
attendance.tell_of_answers. Used by: teachers for their own groups, administration for all; learners, who say beforehand
that they can't come.
"""
