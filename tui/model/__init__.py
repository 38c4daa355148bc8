"""The vocabulary: pure, no I/O."""
