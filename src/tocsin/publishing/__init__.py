"""The public house: what was published, and the pages, files and feeds that show it. It can open no case."""
