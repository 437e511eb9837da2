"""Two parents who disagree about their child: nothing new is stored, and the school is told."""
