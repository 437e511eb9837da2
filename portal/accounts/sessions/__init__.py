"""Sessions: starting, renewing, ending, and when one was last seen."""
