"""PostgreSQL, with connections that are lent."""
