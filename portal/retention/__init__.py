"""Retention: until when data on a person may be held, from what is recorded and never from today; and what erases it.

Tables: partial_ending, retention_hold, retention_run. Jobs: retention.run. Used by: *Mijn gegevens*, where each learner
reads until when each category is kept; who runs `portal retention preview|run`; and privacy staff, who hold somebody's
data back or let more people go in a night than the cap.
"""
