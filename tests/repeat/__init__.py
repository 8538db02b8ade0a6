"""Past breaches, asked again: fixed, still broken, or nothing that could be said."""
