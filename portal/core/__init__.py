"""Machinery under every feature; it knows no feature and no word of a school.

Tables: audit_event, audit_learner, audit_seal, audit_unsealed, job, mail, recurring_job, stored_file. Jobs:
audit.seal, core.destroy_keys, core.tidy, files.sweep, mail.send. Used by: every feature, the worker and the shell.
"""
