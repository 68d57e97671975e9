"""What is believed of each provider, and what training with one nobody measured would teach."""
