"""The public API, version 1: what is published, as JSON for programs. It reads, and knows nobody.

`table` says which questions there are; what serves them, describes them (OpenAPI) and documents them is made of it.
`fields.toml` says which fields go out; what is not listed there stays.
"""
