"""The courses that a school gives."""
