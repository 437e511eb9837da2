"""The terms of a school: stretches of its year with a name, for which groups are planned."""
