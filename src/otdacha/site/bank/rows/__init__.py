"""Rows of the tables that more than one page has: organisations, programmes, municipalities."""
