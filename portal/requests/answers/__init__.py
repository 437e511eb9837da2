"""Deciding on requests: granted, in part or refused, on the closed list of the law's grounds; and carrying it out."""
