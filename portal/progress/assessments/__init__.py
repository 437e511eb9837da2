"""What is found of a whole group, one skill or part of an exam at a time: its rows, storing by tap, undoing."""
