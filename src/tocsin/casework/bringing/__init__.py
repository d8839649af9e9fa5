"""A report beside a case that is there already: what each says, bringing it in, and taking it out again."""
