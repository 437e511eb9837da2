"""The one place that says after which day something of a person may no longer be held: of one, and of many in SQL."""
