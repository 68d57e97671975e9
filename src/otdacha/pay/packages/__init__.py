"""What measures cost whom, what the law allows, and which of them do most inside a sum."""
