"""A week of lessons: a teacher's own, and the school's by teacher, by room and by group. Tables: none."""
