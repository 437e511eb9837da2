"""A learner turns 16: parents act no more, and what they said yes to is asked of herself (LL-04, LL-12)."""
