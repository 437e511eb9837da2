"""Intakes with their result, who signed up for one (ST-01), and the statement that was pointed out (LB-01).

Tables: intake, intake_application. Jobs: none. Used by: coaches and administration; a learner sees her own.
"""
