"""To whom a case writes: who fits, chosen with one click out of the directory, and which cases name whom."""
