"""How many letters or wishes a process takes in a time, whoever sends them: nobody is counted, and nobody known."""

import threading


class Rate:
    """A bucket that fills with time: `burst` at once, and one more every `seconds`."""

    def __init__(self, burst: int, seconds: float) -> None:
        self._burst, self._seconds = burst, seconds
        self._left, self._at = float(burst), 0.0
        self._lock = threading.Lock()

    def takes(self, now: float) -> bool:
        """Tell whether one more may come at an instant, given in seconds of a clock that never goes back."""
        with self._lock:
            self._left = min(self._burst, self._left + max(0.0, now - self._at) / self._seconds)
            self._at = max(now, self._at)
            if self._left < 1:
                return False
            self._left -= 1
            return True
