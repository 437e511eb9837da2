"""People who are no learners: listed, added, changed, and erased as learners are (LL-02, LL-09)."""
