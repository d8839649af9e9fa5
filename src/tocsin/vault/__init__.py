"""Keys, grants, sealing and shredding: the only room that touches key material."""
