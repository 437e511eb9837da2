"""Watching over what the school does with data: who can reach what, each quarter.

Tables: access_review, access_review_measure, access_review_role. Jobs: none. Used by: management, which signs; the
privacy officer and privacy staff, who see what was signed.
"""
