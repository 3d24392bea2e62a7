"""The terminal: `python -m ccm …`. It asks, submits and prints; it holds no SQL and computes nothing."""
