"""Levels per skill, exam results, evaluations and notes. Teachers and coaches enter them; learners see them.

Tables: level, exam_result, evaluation, note.
"""
