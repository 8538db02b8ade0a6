"""stub"""

DEFECTS = {}
