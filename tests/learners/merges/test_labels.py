"""What moves with a record has a name, said by the room whose table it is."""

from portal.learners.merges.labels import row_labels
from portal.learners.merges.queries import tables_of_learners


def test_what_rows_are_called_is_said_of_tables_that_move() -> None:
    moving = {table.name for table, _column in tables_of_learners()}

    assert set(row_labels()) <= moving
    assert len(row_labels()) > 15


def test_a_room_above_says_it_of_its_own_tables() -> None:
    labels = row_labels()

    assert str(labels["attendance_mark"]) == "keer presentie"
    assert str(labels["trajectory"]) == "trajecten"
