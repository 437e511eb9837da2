"""What people ask or report, and what was answered.

Tables: correspondence. Jobs: none. Used by: coaches and administration; a learner sees her own.
"""
