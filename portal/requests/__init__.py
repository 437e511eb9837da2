"""Requests about one's own data with their legal clock, copies and files to take along, and complaints.

Tables: complaint, copy_passage, data_copy, data_request, request_advice, request_answer. Jobs:
requests.end_copies, requests.grant_unanswered, requests.make_copy, requests.remind, requests.remind_of_complaints. Used
by: everybody for herself; privacy staff and management decide, the officer advises, the office writes down.
"""
