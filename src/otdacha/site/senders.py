"""Where a request comes from: a proxy that is trusted tells of whom it sends on."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

from otdacha.site.proxies import networks

_ONE_HOME = 64
"""Bits of an IPv6 address that one household or office has all addresses of."""


def address_of(request: HttpRequest) -> str:
    """The nearest address that is not a trusted proxy's; of IPv6 the network of a household.

    Each proxy appends whom it got a request from to `X-Forwarded-For`. It is read from its end, and
    only as far as trusted proxies have written it: what stands before, anybody can write.
    """
    address = request.META.get("REMOTE_ADDR", "")
    passed = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",")]
    while passed and _is_trusted(address) and _is_address(passed[-1]):
        address = passed.pop()
    return _home(address)


_trusted = lru_cache(networks)


def _is_trusted(address: str) -> bool:
    trusted = _trusted(tuple(settings.TRUSTED_PROXIES))
    return _is_address(address) and any(ip_address(address) in one for one in trusted)


def _is_address(written: str) -> bool:
    try:
        ip_address(written)
    except ValueError:
        return False
    return True


def _home(address: str) -> str:
    if _is_address(address) and isinstance(ip_address(address), IPv6Address):
        return str(ip_network(f"{address.split('%')[0]}/{_ONE_HOME}", strict=False))
    return address
