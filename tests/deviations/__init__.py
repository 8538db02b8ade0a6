"""Known deviations of a target: breaches that somebody has looked at, each until a day."""
