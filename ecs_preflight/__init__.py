"""Preflight validation of Amazon ECS accounts for Spinnaker."""
