"""Evidence of presence in a lesson at a distance. Tables: lesson_evidence."""
