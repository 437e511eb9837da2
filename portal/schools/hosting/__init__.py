"""Who runs the portal for the schools, as its file says: agreements, subprocessors, measures (AVG art. 28)."""
