"""The table of speeds: every bar a ratio of two sides measured in turn in one run."""
