"""This suite and Schemathesis side by side, against the same defects and variants of the mock."""
