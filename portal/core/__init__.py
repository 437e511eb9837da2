"""Machinery under every feature; it knows no feature and no word of a school.

Tables: audit_event, audit_expiry, audit_learner, audit_seal, audit_unsealed, job, key_outbox, mail, recurring_job,
stored_file, submission. Jobs: audit.seal, audit.verify, core.tidy, files.sweep, keys.push_waiting, keys.verify,
mail.send. Used by: every feature, the worker and the shell.
"""
