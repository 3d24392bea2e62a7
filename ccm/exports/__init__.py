"""Files out: what the queries read, in the forms that people and programs take away."""
