"""Results of exams."""
