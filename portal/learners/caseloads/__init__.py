"""Which learners a coach has, since when, and who stands in for her. Tables: coaching, coach_substitute."""
