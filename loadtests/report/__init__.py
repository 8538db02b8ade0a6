"""A load run to look at: HTML, Markdown and JUnit, all of the same figures."""
