"""Which addresses on the network a message may be posted to.

Somebody who adds a webhook or a device names an address that our server will call. It must be one
that anybody could call: not this machine, not its network, not a cloud's own service address.
"""

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

_PRINTABLE = re.compile(r"[\x21-\x7e]+")
# These names never lead to the public internet (RFC 6761, RFC 8375, RFC 9476 and habit).
_PRIVATE_ENDINGS = (".localhost", ".local", ".internal", ".home.arpa", ".lan", ".intranet", ".corp")
_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether an IP address is anybody's to call; one inside another must be so too."""
    if isinstance(address, IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour or _teredo(address)
        if inside is not None:
            return is_public(inside)
        if any(address in network for network in _NAT64):
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast


def may_be_public(host: str) -> bool:
    """Judge a host as it is written, without asking the network; the sender looks it up again."""
    name = host.lower().rstrip(".")
    try:
        return is_public(ip_address(name))
    except ValueError:
        pass
    # Only digits and dots, or hexadecimal: some resolvers read 127.1 and 0x7f000001 as addresses.
    if re.fullmatch(r"(0x[0-9a-f]+|[0-9]+)", name.rsplit(".", 1)[-1]):
        return False
    return "." in name and not name.endswith(_PRIVATE_ENDINGS)


def public_url(text: str, *, private_hosts: frozenset[str] = frozenset()) -> str:
    """Return an https address in the form that is stored; ValueError for any other.

    private_hosts are the hosts that the operator opened on purpose, over http too.
    """
    url = text.strip()
    if not _PRINTABLE.fullmatch(url):
        raise ValueError("blanks or letters that an address cannot have")
    parts = urlsplit(url)
    host = parts.hostname or ""
    _ = parts.port
    opened = host in private_hosts
    if parts.scheme not in ({"https", "http"} if opened else {"https"}):
        raise ValueError("not https")
    if not opened and not may_be_public(host):
        raise ValueError("not public")
    if "@" in parts.netloc or parts.fragment:
        raise ValueError("a password or a place in a page")
    return url


def _teredo(address: IPv6Address) -> IPv4Address | None:
    found = address.teredo
    return found[1] if found else None
