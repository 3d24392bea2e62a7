"""Sentences composed from the figures: true in every state, in every language."""
