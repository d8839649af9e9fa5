"""What to call the address that a server listens at."""

from tocsin.adapters.hosts import is_this_machine


def name_of(address: str) -> str:
    """Give what a browser should call this machine: passkeys are bound to names, and work at no address of numbers."""
    if is_this_machine(address):
        return "localhost"
    return f"[{address}]" if ":" in address else address
