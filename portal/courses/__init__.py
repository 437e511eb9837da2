"""Courses, groups with their teachers, the weekly timetable, holidays and lessons. Administration keeps them.

Tables: course, learner_group, group_teacher, timetable_slot, holiday, lesson, skipped_lesson.
"""
