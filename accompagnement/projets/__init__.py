"""The personalised project: what the person wants, what is done for it, and whether it works."""
