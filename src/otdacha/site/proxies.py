"""The web servers in front of the site, as its settings name them."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network


def networks(proxies: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    """The networks that `proxies` name; an address is a network of one. ValueError where one names
    none."""
    return tuple(ip_network(one.strip(), strict=False) for one in proxies)
