"""The pure core: plain typed functions on frozen values; no framework, network, disk, clock or dice."""
