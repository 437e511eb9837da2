"""Whether a school may keep a value at all, and what goes when it no longer may."""
