"""Files for recipients: templates from the policy, preview, making, downloading, and the log that learners see.

Tables: disclosure, disclosure_learner. Jobs: disclosures.make_file. Administration makes them; each learner sees her own.
"""
