"""Where exports come from."""
