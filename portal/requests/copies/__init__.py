"""A learner's copy of all that is held on her, and her file to take along (AVG art. 15 and 20).

Tables: copy_passage, data_copy. Jobs: requests.end_copies, requests.make_copy. Used by: a learner and who acts for
her, for her own; privacy staff, who decide on other people's names and hand over at the counter.
"""
