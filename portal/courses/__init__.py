"""Courses, groups with their teachers, the weekly timetable, terms, holidays and lessons.

Tables: course, group_teacher, holiday, learner_group, lesson, skipped_lesson, term, timetable_slot. Jobs:
courses.make_lessons. Used by: administration keeps them; teachers see those within reach.
"""
