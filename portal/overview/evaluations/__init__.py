"""An evaluation that teacher and learner agreed on, as a PDF. Tables: none."""
