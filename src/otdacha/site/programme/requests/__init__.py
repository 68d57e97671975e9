"""Needs entered from the site: a form becomes a file of needs, checked as the door checks it."""
