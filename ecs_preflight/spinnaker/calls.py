"""The AWS calls of clouddriver, class by class, as `requirements.py` reads them.

A block is `class [circumstance]: what breaks without it`, its actions below; above a group, the session and the kind of caller.
Source: clouddriver-ecs and clouddriver-aws at 2f5e98f03 (2025-05-15).
"""

from __future__ import annotations

CALLS = """\
== B start
AmazonCredentialsParser [ZONES_LOOKED_UP]: every AWS account is dropped, or all with such a region
    ec2:DescribeRegions ec2:DescribeAvailabilityZones
NetflixSTSAssumeRoleSessionCredentialsProvider: nothing of the account works
    sts:AssumeRole
kork-secrets [SECRETS]: clouddriver does not start
    s3:GetObject secretsmanager:GetSecretValue

== E agent
EcsClusterCachingAgent: no ECS cluster is offered in the UI, and the other agents find none
    ecs:ListClusters
ServiceCachingAgent: server groups are missing
    ecs:ListServices ecs:DescribeServices
TaskCachingAgent: server groups have no instances
    ecs:ListTasks ecs:DescribeTasks
ContainerInstanceCachingAgent [EC2_LAUNCH_TYPE]: tasks on EC2 have no address and no health
    ecs:ListContainerInstances ecs:DescribeContainerInstances
TaskDefinitionCachingAgent: server groups are hidden
    ecs:DescribeTaskDefinition
TargetHealthCachingAgent [LOAD_BALANCER]: tasks behind a load balancer never become healthy
    elasticloadbalancing:DescribeTargetHealth
EcsCloudMetricAlarmCachingAgent: alarms are left behind when a server group is destroyed
    cloudwatch:DescribeAlarms
ScalableTargetsCachingAgent: server groups are hidden
    application-autoscaling:DescribeScalableTargets
SecretCachingAgent [REGISTRY_SECRET]: the picker of registry credentials stays empty
    secretsmanager:ListSecrets
ServiceDiscoveryCachingAgent [SERVICE_DISCOVERY]: the picker of registries stays empty
    servicediscovery:ListServices
IamRoleCachingAgent [ROLE_PICKER]: the picker of task roles stays empty
    iam:ListRoles

== E screen
EcsClusterProvider [CAPACITY_PROVIDERS]: capacity providers are not offered
    ecs:DescribeClusters
EcsServerGroupController [EVENTS]: a server group's events are not shown
    ecs:DescribeServices
EcrImageProvider [IMAGE_SEARCH]: images are not found
    ecr:ListImages ecr:DescribeImages

== E operation
EcsServerGroupNameResolver: every deployment fails at its first step
    ecs:ListServices ecs:DescribeServices
CreateServerGroupAtomicOperation [SOURCE]: a deployment from another server group fails
    application-autoscaling:DescribeScalableTargets
CreateServerGroupAtomicOperation [INPUTS_TASK_ROLE]: a deployment with a task role fails before anything is registered
    iam:GetRole
CreateServerGroupAtomicOperation: every deployment fails
    ecs:RegisterTaskDefinition
CreateServerGroupAtomicOperation: every deployment fails and leaves a task definition behind
    ecs:ListAccountSettings
CreateServerGroupAtomicOperation [LOAD_BALANCER]: a deployment with a target group fails
    elasticloadbalancing:DescribeTargetGroups
CreateServerGroupAtomicOperation: every deployment fails and leaves a task definition behind
    ecs:CreateService
CreateServerGroupAtomicOperation [TAGS]: a deployment with tags fails
    ecs:TagResource
CreateServerGroupAtomicOperation: the service runs, and the UI hides it; resize, enable and disable fail
    application-autoscaling:RegisterScalableTarget
CreateServerGroupAtomicOperation [PASSED_ROLE]: ECS refuses the task definition
    iam:PassRole
CreateServerGroupAtomicOperation [LEGACY_ROLES until 1.18]: ECS refuses the service, Application Auto Scaling the scalable target
    iam:PassRole
CreateServerGroupAtomicOperation [SERVICE_LINKED_ROLES since 1.19]: the first deployment of the account fails
    iam:CreateServiceLinkedRole
EcsCloudMetricService [COPIED_SCALING]: scaling policies are not copied, and the deployment fails
    application-autoscaling:DescribeScalingPolicies application-autoscaling:PutScalingPolicy cloudwatch:DescribeAlarms
    cloudwatch:PutMetricAlarm
ResizeServiceAtomicOperation: resize, enable and disable fail
    ecs:UpdateService
DestroyServiceAtomicOperation: destroying a server group fails
    ecs:DeleteService ecs:DeregisterTaskDefinition
EcsCloudMetricService [ALARMS]: destroying a server group fails
    cloudwatch:DeleteAlarms application-autoscaling:DescribeScalableTargets application-autoscaling:DeregisterScalableTarget
DisableServiceAtomicOperation: enable and disable fail, and red/black with them
    application-autoscaling:DescribeScalableTargets
TerminateInstancesAtomicOperation: terminating an instance fails
    ecs:StopTask

== A agent
AmazonSubnetCachingAgent [AWSVPC]: awsvpc deployments resolve no subnets
    ec2:DescribeSubnets
AmazonSecurityGroupCachingAgent [AWSVPC]: awsvpc deployments resolve no security groups
    ec2:DescribeSecurityGroups
AmazonVpcCachingAgent [AWSVPC]: VPCs are not shown
    ec2:DescribeVpcs
InstanceCachingAgent [EC2_LAUNCH_TYPE]: tasks on EC2 have no address and no zone
    ec2:DescribeInstances
AmazonApplicationLoadBalancerCachingAgent [LOAD_BALANCER]: no target group is known: no task behind one is healthy
    elasticloadbalancing:DescribeLoadBalancers elasticloadbalancing:DescribeTargetGroups
    elasticloadbalancing:DescribeTargetHealth elasticloadbalancing:DescribeTargetGroupAttributes
    elasticloadbalancing:DescribeLoadBalancerAttributes elasticloadbalancing:DescribeListeners
    elasticloadbalancing:DescribeRules elasticloadbalancing:DescribeTags
AmazonLoadBalancerInstanceStateCachingAgent [noise]: an agent logs an error at every poll
    elasticloadbalancing:DescribeInstanceHealth
ClusterCachingAgent [noise]: an agent logs an error at every poll
    autoscaling:DescribeAutoScalingGroups autoscaling:DescribePolicies autoscaling:DescribeScheduledActions
    cloudwatch:DescribeAlarms
LaunchConfigCachingAgent [noise]: an agent logs an error at every poll
    autoscaling:DescribeLaunchConfigurations
agents of EC2 [noise]: an agent logs an error at every poll
    ec2:DescribeImages ec2:DescribeAddresses ec2:DescribeKeyPairs ec2:DescribeInstanceTypes ec2:DescribeReservedInstances
AmazonLaunchTemplateCachingAgent [noise LAUNCH_TEMPLATES]: launch templates are not cached
    ec2:DescribeLaunchTemplates ec2:DescribeLaunchTemplateVersions
AmazonCertificateCachingAgent [noise]: server certificates are not offered
    iam:ListServerCertificates
AmazonCloudFormationCachingAgent [noise CLOUDFORMATION]: stacks are not cached
    cloudformation:DescribeStacks cloudformation:ListChangeSets cloudformation:DescribeChangeSet
    cloudformation:DescribeStackEvents
CleanupDetachedInstancesAgent [noise]: detached EC2 instances stay
    ec2:TerminateInstances
AmazonHealthIndicator [noise]: the health page shows an error, its status stays UP
    ec2:DescribeAccountAttributes
LambdaCachingAgent [noise LAMBDA]: functions are not cached
    lambda:ListFunctions
"""
