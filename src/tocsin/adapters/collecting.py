"""How often a process looks for unreachable cycles of objects."""

import gc


def collect_seldom() -> None:
    """Let Python look for them less often.

    What is read from a text, and what a search opens, are tens of thousands of small objects without cycles; looking
    through them again and again took up to a fifth of the time. A choice for the whole process, so it is made where
    one begins (the command, the child that reads, a server) and never by a library.
    """
    gc.set_threshold(10_000, 20, 50)
