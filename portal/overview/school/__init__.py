"""The school in figures: what its director looks at on a Monday. Tables: none."""
