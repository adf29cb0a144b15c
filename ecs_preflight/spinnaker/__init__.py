"""Spinnaker's side, in clouddriver's own words."""
