"""The public site: the data bank of training organisations, and what it is served with.

The site computes no statistics. It shows what a release says (`otdacha.release`), which is loaded
into its database whole or not at all (`bank.loading`). Only this package and `otdacha.cli` know
Django or a terminal.
"""
