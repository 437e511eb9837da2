"""A group's lessons beside its learners: who was there, lesson by lesson. Tables: none."""
