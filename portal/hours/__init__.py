"""Contact hours of learners and groups, added up from marks. It owns no tables."""
