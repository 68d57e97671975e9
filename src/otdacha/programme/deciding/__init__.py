"""The decision itself: a mixed-integer programme, its search, and a check that needs no solver."""
