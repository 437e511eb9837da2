"""Watching over what the school does with data: who can reach what, each quarter, and what went wrong.

Tables: access_review, access_review_measure, access_review_role, incident, incident_advice,
incident_person. Jobs: none. Used by: management, which signs and decides; privacy staff, who decide on incidents; the
privacy officer, who sees and advises.
"""
