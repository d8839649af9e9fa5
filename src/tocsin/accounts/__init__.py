"""People, roles, second factor and sessions."""
