"""How many more tasks fit in the ECS clusters of a configuration, and what stops the next one."""
