"""Coverage-guided fuzzing of what reads bytes that others chose."""
