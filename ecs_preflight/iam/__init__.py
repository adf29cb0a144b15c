"""The IAM policy language, and how AWS decides."""
