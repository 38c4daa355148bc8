"""Composition and keys, no I/O."""
