"""SQLite, with connections that are lent."""
