"""The vocabulary and rules of the CCM's follow-up: pure Python, no input or output."""
