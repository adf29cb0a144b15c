"""Amazon ECS: its resources, and where the scheduler would place tasks."""
