"""Running a site: looking after it, backing it up and restoring it, and stopping everything in an emergency."""
