"""The embedded AWS: moto within this process, seeded from the user's own configuration. Nothing leaves the machine."""
