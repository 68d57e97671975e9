"""What the law and the union decided about a programme, with dates: `programme.toml`."""
