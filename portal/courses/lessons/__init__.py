"""Single lessons: one more, another time or teacher, cancelled."""
