"""Tests of the dashboard; `make test` runs them all."""
