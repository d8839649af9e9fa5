"""Mail that comes back: kept sealed before it is understood, laid with its appeal, and seen by a person."""
