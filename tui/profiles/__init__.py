"""The profile store."""
