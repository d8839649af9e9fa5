"""How often a server looks for unreachable cycles of objects."""

import gc


def collect_seldom() -> None:
    """Let Python look for them less often, as the command line does.

    A search opens tens of thousands of summaries, which hold no cycles and stay for the session: looking through them
    again and again took a fifth of its time. A choice for the whole process, so it is made where a server begins.
    """
    gc.set_threshold(10_000, 20, 50)
