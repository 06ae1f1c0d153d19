"""Judgements: frames and plain values in, frozen dataclasses out. Nothing here draws, reads the clock or asks the database."""
