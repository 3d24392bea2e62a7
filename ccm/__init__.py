"""Monitoring of the recommendations of Niger's Cadre de Concertation sur la Migration (CCM)."""

__version__ = "0.1.0"
