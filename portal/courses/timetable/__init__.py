"""The weekly timetable and the lessons made from it."""
