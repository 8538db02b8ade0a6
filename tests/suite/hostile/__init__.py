"""Servers that mean harm, or are past helping, and the runs against them."""
