"""What keeps data past its term: a hold that somebody set, a restriction, a request or complaint that waits."""
