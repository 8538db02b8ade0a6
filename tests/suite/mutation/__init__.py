"""One thing changed in each answer on its way: a proxy between the suite and a target."""
