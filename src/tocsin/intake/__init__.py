"""Reports as they come in: sealed before anybody reads them, read in the sandbox, understood by people, or declined."""
