"""Case files and their sealed records."""
