"""Which host is this machine itself: to it alone anything goes without encryption."""

from ipaddress import ip_address


def is_this_machine(host: str) -> bool:
    """Tell whether a name or an address is that of this machine, for itself alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
