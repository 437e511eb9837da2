"""A list of results of a test: its columns, whose results they are within the reach of who brings it, and what is new.

Reading, choosing columns, looking, storing and undoing are those of any workbook; no learner is ever made here.
"""
