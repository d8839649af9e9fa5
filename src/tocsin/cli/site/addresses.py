"""What to call the address that a server listens at."""

from ipaddress import ip_address


def name_of(address: str) -> str:
    """Give what a browser should call this machine: passkeys are bound to names, and work at no address of numbers."""
    if is_loopback(address):
        return "localhost"
    return f"[{address}]" if ":" in address else address


def is_loopback(address: str) -> bool:
    """Tell whether an address is this machine's own, for itself alone."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"
