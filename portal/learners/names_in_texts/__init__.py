"""Names of other people in a text about a learner: found when it is written, and before a copy. Tables: none."""
