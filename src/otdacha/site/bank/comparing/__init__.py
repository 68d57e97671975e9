"""A few organisations beside each other: line by line, and pair by pair."""
