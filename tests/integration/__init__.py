"""Commands, imports, exports, checks and the terminal, on real stores of both engines."""
