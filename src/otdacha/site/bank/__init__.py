"""The data bank: who trains well for what towns need, how certain that is, and the file behind."""
