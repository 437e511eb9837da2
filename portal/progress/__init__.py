"""Levels for each skill, what learners can do and their goals, results of exams, evaluations, notes, appointments.

Tables: appointment, can_do, can_do_statement, evaluation, evaluation_question, exam_result, goal, joint_evaluation,
level, note. Jobs: progress.remind_of_appointments. Used by: teachers and coaches enter them; learners see their own.
"""
