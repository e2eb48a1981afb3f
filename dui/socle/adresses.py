"""Where a request comes from, as one counts it."""

from ipaddress import IPv6Address, IPv6Network, ip_address

UN_ABONNE = 64  # bits of an IPv6 address: the rest, whoever has the network chooses freely


def source(adresse: str) -> str:
    """The address, or its network in IPv6; what is no address (a unix socket) is one source."""
    try:
        lue = ip_address(adresse)
    except ValueError:
        return adresse
    if not isinstance(lue, IPv6Address):
        return str(lue)
    if lue.ipv4_mapped:
        return str(lue.ipv4_mapped)
    return str(IPv6Network((lue, UN_ABONNE), strict=False))
