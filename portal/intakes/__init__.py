"""Intakes with their result, and the statement that was pointed out (LB-01).

Tables: intake. Jobs: none. Used by: coaches and administration; a learner sees her own.
"""
