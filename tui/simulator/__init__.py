"""Five vendor APIs over one simulated support desk."""
