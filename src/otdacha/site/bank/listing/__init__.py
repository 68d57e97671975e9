"""The list of organisations: what a query string asks for, what is found, and its pages."""

from otdacha.site.bank.listing.found import PUBLISHED, Listing, listing

__all__ = ["PUBLISHED", "Listing", "listing"]
