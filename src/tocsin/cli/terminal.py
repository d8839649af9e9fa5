"""Text of strangers on a terminal: nothing in it may steer the terminal or reverse what follows."""


def one_line(text: str) -> str:
    """Put text on one line, and show what could steer a terminal as its code point."""
    return calm(" ".join(text.split()))


def calm(text: str) -> str:
    """Show control and direction characters as their code point; spaces and line ends stay."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else f"\\u{ord(c):04x}" for c in text)
