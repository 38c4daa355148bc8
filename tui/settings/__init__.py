"""The user's own configuration."""
