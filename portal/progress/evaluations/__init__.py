"""Evaluations that a teacher and a learner fill in both and agree on, by questions of the school's own.

Tables: evaluation_question, joint_evaluation.
"""
