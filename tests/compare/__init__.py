"""Two runs beside each other: of two builds, or of two targets."""
