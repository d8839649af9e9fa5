"""How often a process looks for unreachable cycles of objects."""

import atexit
import gc


def collect_seldom() -> None:
    """Let Python look for them less often, and not once more when the process ends.

    What is read from a text, and what a search opens, are tens of thousands of small objects without cycles; looking
    through them again and again took up to a fifth of the time, and the last look another fifth of a short command.
    A choice for the whole process, so it is made where one begins (the command, the child that reads, a server) and
    never by a library.
    """
    gc.set_threshold(10_000, 20, 50)
    atexit.register(gc.freeze)
