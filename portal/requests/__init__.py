"""Requests about one's own data with their legal clock, and complaints and how they were handled.

Tables: complaint, data_request, request_advice, request_answer. Jobs: requests.grant_unanswered, requests.remind. Used
by: everybody for herself; privacy staff and management decide, the officer advises, the office writes down.
"""
