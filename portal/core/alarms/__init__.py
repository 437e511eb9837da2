"""What the operator must hear of by itself: each alarm has a name, a cause that is looked for, and what to do."""
