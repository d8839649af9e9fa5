"""The settings of a site, and how its parts are put together."""
