"""What touches the terminal below Textual."""
