"""Invented data for demonstrations and measurements, in a store of its own that says so everywhere."""

from ccm.commands.demo.generation import Progress, generate

__all__ = ["Progress", "generate"]
