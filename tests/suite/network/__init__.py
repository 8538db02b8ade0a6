"""A bad line between the suite and its target, and the runs through it."""
