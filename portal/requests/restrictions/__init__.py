"""The desk's side of restrictions: which are in force, telling that one stops, lifting it, using what it hides (18)."""
