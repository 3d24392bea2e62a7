"""What every figure means, as small tables that run on both engines."""
