"""Lists of learners as files, for the own work: with a purpose, and an entry in the log of each who stands in one."""
