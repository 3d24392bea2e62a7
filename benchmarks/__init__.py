"""What the application costs, measured: `make bench`."""
