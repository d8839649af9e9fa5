"""One module per outside thing; everything that touches disk, processes or networks stands here."""
