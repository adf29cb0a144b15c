"""What a server group must be like: clouddriver's own validator, rule for rule, and what it forgets and AWS refuses then.

clouddriver-ecs deploy/validators/EcsCreateServerGroupDescriptionValidator.java and CommonValidator.java.
"""
