"""Retention: until when data on a person may be held, from what is recorded and never from today; and what erases it.

Tables: deidentified_row, erasure_certificate, partial_ending, retention_hold, retention_run. Jobs:
retention.end_terms, retention.run. Used by: *Mijn gegevens*, where each learner reads until when each category is kept;
who runs `portal retention preview|run`; privacy staff, who hold somebody's data back or let more people go in a night
than the cap, who asked something or signed up among them; management and the officer, who read what is kept without
names; and whoever reads the certificate of what was erased, she whom it is about among them.
"""
