// Dangers of AWS: what its command line deletes, stops, opens up or shows.
import type { Danger } from "./danger.ts";
import { HARMLESS, rows } from "./remote.ts";

const AWS = { programs: "aws awslocal" } as const;

export const AWS_DANGERS: readonly Danger[] = [
  ...rows(
    { ...AWS, risk: "delete-data" },
    {
      "s3 rb, s3api delete-bucket": "deletes a bucket",
      "s3api delete-objects, s3api delete-object": "deletes objects of a bucket",
      "s3api delete-bucket-policy, s3api delete-bucket-lifecycle, s3api delete-bucket-encryption":
        "deletes the rules of a bucket",
      "rds delete-db-instance, rds delete-db-cluster": "deletes a database server with its data",
      "rds delete-db-snapshot, rds delete-db-cluster-snapshot, rds delete-db-instance-automated-backup":
        "deletes a backup of a database",
      "dynamodb delete-table": "deletes a table with all its data",
      "dynamodb delete-backup": "deletes a backup of a table",
      "dynamodb delete-item, dynamodb batch-write-item": "deletes or overwrites items of a table",
      "elasticache delete-cache-cluster, elasticache delete-replication-group":
        "deletes a cache with its data",
      "redshift delete-cluster, docdb delete-db-cluster, neptune delete-db-cluster, memorydb delete-cluster":
        "deletes a database cluster with its data",
      "ec2 delete-volume": "deletes a disk with its data",
      "ec2 delete-snapshot, ec2 deregister-image": "deletes a snapshot or an image",
      "efs delete-file-system, fsx delete-file-system": "deletes a file system with its data",
      "backup delete-recovery-point, backup delete-backup-vault, backup delete-backup-plan":
        "deletes backups",
      "glacier delete-archive, glacier delete-vault": "deletes an archive",
      "logs delete-log-group, logs delete-log-stream": "deletes logs",
      "sqs purge-queue": "deletes all messages of a queue",
      "sqs delete-queue": "deletes a queue with its messages",
      "kinesis delete-stream, firehose delete-delivery-stream": "deletes a stream with its data",
      "kms schedule-key-deletion": "has a key deleted: what it encrypts cannot be read after that",
      "secretsmanager delete-secret": "deletes a stored secret",
      "ssm delete-parameter, ssm delete-parameters": "deletes stored parameters or secrets",
      "opensearch delete-domain, es delete-elasticsearch-domain": "deletes a search cluster with its data",
      "glue delete-database, glue delete-table, glue batch-delete-table, athena delete-data-catalog":
        "deletes a database or tables of a data catalog",
    },
  ),
  {
    ...AWS,
    risk: "delete-data",
    says: "deletes all files under a path of a bucket",
    on: "s3 rm",
    options: "--recursive",
    unless: HARMLESS,
  },
  {
    ...AWS,
    risk: "delete-data",
    says: "deletes a file of a bucket",
    on: "s3 rm",
    otherwise: true,
    unless: HARMLESS,
  },
  {
    ...AWS,
    risk: "delete-data",
    says: "deletes what its source does not have",
    on: "s3 sync",
    options: "--delete",
    unless: HARMLESS,
  },
  ...rows(
    { ...AWS, risk: "delete-remote" },
    {
      "ec2 terminate-instances": "ends servers for good, with what is on their disks",
      "ec2 delete-vpc, ec2 delete-subnet, ec2 delete-security-group, ec2 delete-nat-gateway, ec2 delete-internet-gateway":
        "deletes a part of a network",
      "ec2 release-address": "gives an IP address back",
      "cloudformation delete-stack, cloudformation delete-stack-set, cloudformation delete-stack-instances":
        "deletes a stack with all its resources",
      "eks delete-cluster, ecs delete-cluster": "deletes a container cluster",
      "ecs delete-service": "deletes a running service",
      "ecr delete-repository": "deletes an image repository",
      "ecr batch-delete-image": "deletes container images",
      "lambda delete-function": "deletes a function",
      "iam delete-user, iam delete-role, iam delete-policy, iam delete-group":
        "deletes a user, a role or a policy",
      "iam delete-access-key, iam delete-login-profile, iam deactivate-mfa-device":
        "deletes a user's way to log in",
      "cognito-idp delete-user-pool, cognito-idp admin-delete-user": "deletes users",
      "route53 delete-hosted-zone": "deletes a DNS zone",
      "cloudfront delete-distribution": "deletes a CDN distribution",
      "elasticbeanstalk terminate-environment, elasticbeanstalk delete-application":
        "deletes an application or its environment",
      "organizations leave-organization, organizations close-account, organizations remove-account-from-organization, account close-account":
        "closes or cuts off an account",
      "emr terminate-clusters": "ends a cluster",
      "autoscaling delete-auto-scaling-group": "deletes a group of servers",
      "elbv2 delete-load-balancer, elb delete-load-balancer": "deletes a load balancer",
      "apigateway delete-rest-api, apigatewayv2 delete-api": "deletes an API",
      "cloudtrail delete-trail, guardduty delete-detector, config delete-configuration-recorder":
        "deletes what records or watches the account",
      "acm delete-certificate": "deletes a certificate",
    },
  ),
  {
    ...AWS,
    risk: "delete-remote",
    says: "deletes something at AWS",
    on: /^[a-z0-9-]+ (batch-|bulk-|force-|admin-|permanently-|schedule-)?(delete|terminate|deregister|purge|destroy)(-|$| )/,
    otherwise: true,
    unless: HARMLESS,
  },
  {
    ...AWS,
    risk: "change-live",
    says: "stops, cancels, resets or takes back something at AWS",
    on: /^[a-z0-9-]+ (batch-)?(remove|reset|release|detach|disassociate|revoke|cancel|unsubscribe|stop|abort|disable|reboot|failover|suspend|reject|restore|promote)(-|$| )/,
    otherwise: true,
    unless: HARMLESS,
  },
  ...rows(
    { ...AWS, risk: "change-live" },
    {
      "ec2 stop-instances, ec2 reboot-instances": "stops or restarts servers",
      "rds stop-db-instance, rds stop-db-cluster, rds reboot-db-instance, rds failover-db-cluster":
        "stops or restarts a database server",
      "rds modify-db-instance, rds modify-db-cluster": "changes a running database server",
      "rds restore-db-instance-to-point-in-time, dynamodb restore-table-from-backup":
        "restores a database from a backup",
      "ecs update-service, lambda update-function-code, lambda update-function-configuration, elasticbeanstalk update-environment":
        "changes a running service",
      "ecs stop-task, emr stop-steps, stepfunctions stop-execution, batch terminate-job":
        "stops a running task",
      "autoscaling update-auto-scaling-group, autoscaling set-desired-capacity":
        "changes how many servers run",
      "cloudformation update-stack, cloudformation execute-change-set, cloudformation deploy":
        "changes a stack and its resources",
      "cloudformation cancel-update-stack, cloudformation continue-update-rollback":
        "breaks a change of a stack off",
      "route53 change-resource-record-sets": "changes DNS records",
      "cloudfront create-invalidation": "empties the cache of a CDN",
      "cloudfront update-distribution": "changes a CDN distribution",
      "apigateway flush-stage-cache, apigateway update-stage": "changes a running API",
      "secretsmanager update-secret, secretsmanager put-secret-value, secretsmanager rotate-secret, ssm put-parameter":
        "changes a stored secret or parameter",
      "s3api put-bucket-lifecycle-configuration, s3api put-bucket-versioning, s3api put-object-lock-configuration":
        "changes how long a bucket keeps its files",
      "elbv2 modify-listener, elbv2 modify-rule, elbv2 modify-target-group": "changes where requests go",
      "ec2 modify-instance-attribute, rds modify-db-parameter-group, ses set-active-receipt-rule-set":
        "changes something that runs",
      "lambda put-function-concurrency": "limits a running function",
      "ses set-identity-dkim-enabled, sesv2 put-account-sending-attributes": "changes how mail is sent",
      "cloudtrail stop-logging, cloudtrail update-trail, cloudwatch disable-alarm-actions, config stop-configuration-recorder":
        "stops what records or watches the account",
    },
  ),
  ...rows(
    { ...AWS, risk: "grant-access" },
    {
      "iam attach-user-policy, iam attach-role-policy, iam attach-group-policy, iam put-user-policy, iam put-role-policy, iam put-group-policy, iam add-user-to-group":
        "gives a user or a role rights",
      "iam create-access-key, iam create-login-profile, iam update-login-profile":
        "makes a new way to log in for a user",
      "iam create-user, iam create-role, iam update-assume-role-policy, iam create-policy-version":
        "changes who may do what in the account",
      "s3api put-bucket-policy, s3api put-bucket-acl, s3api put-object-acl, s3api delete-public-access-block, s3api put-public-access-block":
        "changes who may read a bucket",
      "ec2 authorize-security-group-ingress, ec2 authorize-security-group-egress": "opens a firewall",
      "ec2 modify-snapshot-attribute, ec2 modify-image-attribute, rds modify-db-snapshot-attribute":
        "shares a snapshot or an image with others",
      "lambda add-permission, sns add-permission, sqs add-permission, kms put-key-policy, kms create-grant, secretsmanager put-resource-policy, ecr set-repository-policy":
        "changes who may use a resource",
    },
  ),
  ...rows(
    { ...AWS, risk: "show-secret" },
    {
      "secretsmanager get-secret-value, secretsmanager batch-get-secret-value": "shows a stored secret",
      "iam create-service-specific-credential": "makes a password and shows it",
      "sts get-session-token, sts assume-role, sts get-federation-token, configure export-credentials":
        "shows keys of the account",
      "kms decrypt": "shows what a key has encrypted",
    },
  ),
  {
    ...AWS,
    risk: "show-secret",
    says: "shows stored parameters or secrets",
    on: /^ssm get-parameters?(-by-path)?( |$)/,
    options: "--with-decryption",
    unless: HARMLESS,
  },
  ...rows(
    { ...AWS, risk: "run-remote" },
    {
      "ssm send-command": "runs commands on servers at AWS",
      "ecs execute-command": "runs a command in a container at AWS",
      "ssm start-session": "opens a shell on a server at AWS",
    },
  ),
];
