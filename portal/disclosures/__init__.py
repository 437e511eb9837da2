"""Files for recipients: templates from the policy, preview, making, downloading, and the log that learners see.

Tables: disclosure, disclosure_learner, recipient_address, recipient_notice.
Jobs: disclosures.make_file, disclosures.answer_withdrawal, disclosures.end_terms.
Administration makes them; each learner sees her own.
"""
