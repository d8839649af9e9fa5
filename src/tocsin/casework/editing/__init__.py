"""Changing a case on screen: one small form a record, made of its type, the controlled lists and `forms.toml`."""
