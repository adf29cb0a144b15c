"""What will be deployed, in one form, however people have it: sizes, a pipeline, a task definition, a running service."""
