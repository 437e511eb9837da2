"""Levels for each skill, results of exams, evaluations, notes and appointments.

Tables: appointment, evaluation, exam_result, level, note. Jobs: none. Used by: teachers and coaches enter them;
learners see their own.
"""
