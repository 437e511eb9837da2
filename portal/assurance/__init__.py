"""Assurance: each promise of a school with its live figure, counted every night, for *Bewijs* and `portal evidence`.

A policy cites its promises where it makes them true: at a term, a right, a recipient. Which figure shows a promise
follows from there, so that a new policy has its figures without a list of its own.

Tables: checked_figure. Jobs: assurance.check. Used by: privacy staff, the officer and management.
"""
