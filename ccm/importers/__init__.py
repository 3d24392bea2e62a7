"""Files in: read into commands, which alone decide what is accepted and write it."""
