"""Files for recipients: templates from the policy, preview, making, downloading, and the log that learners see.

Tables: disclosure, disclosure_learner, recipient_address, recipient_notice. Jobs: disclosures.answer_withdrawal,
disclosures.end_terms, disclosures.make_file, disclosures.void_lapsed, disclosures.void_objected,
disclosures.void_restricted. Used by: administration makes them; each learner sees those that she is in.
"""
