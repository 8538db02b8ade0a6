"""Measurements, each beside a floor or a usual way that is measured in the same run."""
