// Dangers of what carries messages and routes requests: queues, topics, gateways, load balancers, DNS.
import type { Danger } from "./danger.ts";
import { rows } from "./remote.ts";

const unless = "--help --dry-run";
const RABBIT = { programs: "rabbitmqctl rabbitmqadmin rabbitmq-queues", unless } as const;
const NATS = { programs: "nats nsc", unless } as const;

export const MESSAGING_DANGERS: readonly Danger[] = [
  {
    risk: "delete-data",
    says: "deletes topics with all their messages",
    programs: "kafka-topics kafka-topics.sh",
    options: "--delete",
    unless,
  },
  {
    risk: "change-live",
    says: "changes a topic of Kafka",
    programs: "kafka-topics kafka-topics.sh",
    options: "--alter",
    unless,
  },
  {
    risk: "delete-data",
    says: "deletes messages of a topic",
    programs: "kafka-delete-records kafka-delete-records.sh",
    unless,
  },
  {
    risk: "delete-data",
    says: "deletes consumer groups or their offsets",
    programs: "kafka-consumer-groups kafka-consumer-groups.sh",
    options: "--delete --delete-offsets",
    unless,
  },
  {
    risk: "change-live",
    says: "changes which messages are read again or left out",
    programs: "kafka-consumer-groups kafka-consumer-groups.sh kafka-streams-application-reset",
    options: "--reset-offsets --execute --input-topics",
    unless,
  },
  {
    risk: "change-live",
    says: "changes settings of Kafka",
    programs: "kafka-configs kafka-configs.sh",
    options: "--alter --delete-config",
    unless,
  },
  {
    risk: "grant-access",
    says: "changes who may read or write which topic",
    programs: "kafka-acls kafka-acls.sh",
    options: "--add --remove",
    unless,
  },
  {
    risk: "change-live",
    says: "moves data between the servers of Kafka",
    programs:
      "kafka-reassign-partitions kafka-reassign-partitions.sh kafka-leader-election kafka-leader-election.sh",
    options: "--execute --election-type",
    unless,
  },
  {
    risk: "delete-data",
    says: "deletes topics, groups, users or other parts of a broker, or messages",
    programs: "rpk",
    on: /^(topic (delete|trim-prefix)|group (delete|offset-delete)|acl delete|user delete|security \S+ delete|cluster (storage|partitions) \S*(delete|cancel|disable)\S*|container purge|cloud cluster delete|registry \S+ delete)( |$)/,
    unless,
  },
  ...rows(
    { ...RABBIT, risk: "delete-data" },
    {
      "delete queue, delete_queue, queues delete": "deletes a queue with its messages",
      "delete exchange, delete binding, delete policy, delete parameter, delete shovel, delete user, delete_user, clear_policy, clear_parameter, clear_permissions, delete permission":
        "deletes a part of a message broker",
      "purge queue, purge_queue, queues purge": "deletes all messages of a queue",
      "delete vhost, delete_vhost": "deletes a virtual host with all its queues",
      "reset, force_reset": "deletes all that a message broker keeps",
      "forget_cluster_node, delete_member": "takes a node out of a cluster",
    },
  ),
  ...rows(
    { ...RABBIT, risk: "change-live" },
    {
      "stop, stop_app, shutdown, close_all_connections, close_connection, close_all_user_connections, set_vm_memory_high_watermark, force_boot, import_definitions":
        "stops a message broker, or changes how it runs",
      "change_password, set_permissions, set_user_tags, add_user":
        "changes who may use a message broker, or for what",
    },
  ),
  ...rows(
    { ...NATS, risk: "delete-data" },
    {
      "stream rm, stream delete, stream del, str rm, s rm, s delete": "deletes a stream with its messages",
      "stream purge, str purge, s purge": "deletes all messages of a stream",
      "stream rmm": "deletes a message of a stream",
      "consumer rm, consumer delete, consumer del, con rm, c rm": "deletes a consumer",
      "kv del, kv rm, kv purge, kv delete, kv compact, object rm, object del, object delete, bucket delete":
        "deletes stored keys or files",
      "account restore, stream restore": "replaces streams by a copy",
      "account delete, account rm, delete account, delete user, delete operator, account purge, server raft peer-remove, server cluster peer-remove":
        "deletes an account, a user or a server, or what an account holds",
    },
  ),
  {
    risk: "delete-data",
    says: "deletes or resets topics, namespaces or tenants, or throws messages away",
    programs: "pulsar-admin",
    on: /^(topics|namespaces|tenants|functions|sources|sinks|subscriptions|clusters|schemas|persistent|packages) (delete|delete-partitioned-topic|clear-backlog|skip|skip-all|expire-messages\S*|unload|terminate|unsubscribe|delete-\S+|truncate|reset-cursor|remove-\S+)( |$)/,
    unless,
  },
  {
    risk: "delete-remote",
    says: "deletes the whole configuration of an API gateway",
    programs: "deck",
    on: /^(gateway )?reset( |$)/,
    unless,
  },
  {
    risk: "change-live",
    says: "makes an API gateway fit a file, and deletes what the file does not name",
    programs: "deck",
    on: /^(gateway )?sync( |$)/,
    unless,
  },
  {
    risk: "change-live",
    says: "stops an API gateway, or changes its database or settings",
    programs: "kong",
    on: "stop, quit, restart, migrations reset, migrations down, migrations finish, config db_import, reload",
    unless,
  },
  {
    risk: "change-live",
    says: "stops a web server or a load balancer",
    programs: "nginx haproxy apachectl httpd caddy traefik envoy",
    on: "stop",
    unless,
  },
  {
    risk: "change-live",
    says: "stops a web server or a load balancer",
    programs: "nginx",
    word: /^(stop|quit)$/,
    unless,
  },
  {
    risk: "change-live",
    says: "ends running load balancers to put a new one in their place",
    programs: "haproxy",
    word: /^-s[ft]$/,
    unless,
  },
  {
    risk: "show-secret",
    says: "asks a DNS server for its whole zone",
    programs: "dig host drill",
    word: /^([ai]xfr|-l)$/i,
  },
  {
    risk: "delete-remote",
    says: "changes or deletes DNS records",
    programs: "nsupdate knsupdate",
    unless: "--help -V",
  },
  {
    risk: "delete-remote",
    says: "deletes DNS zones or records",
    programs: "pdnsutil",
    on: /^(delete-zone|delete-rrset|clear-zone|zone delete|rrset delete|remove-\S+|zone clear)( |$)/,
    unless,
  },
  {
    risk: "change-live",
    says: "changes DNS records by a file",
    programs: "octodns-sync dnscontrol",
    on: /^(?!preview|check|fmt|version|get-zones)/,
    when: ({ name, args }) =>
      name === "dnscontrol"
        ? args.some(({ text }) => text === "push")
        : args.some(({ text }) => text === "--doit"),
  },
  {
    risk: "delete-remote",
    says: "deletes a CDN service or parts of it",
    programs: "fastly",
    on: /^(\S+ ){0,3}?(delete|remove)( |$)/,
    unless,
  },
  {
    risk: "change-live",
    says: "empties the cache of a CDN, or changes which version of it is live",
    programs: "fastly",
    on: /^(purge|service purge|service-version (activate|deactivate)|compute (publish|deploy)|service version (activate|deactivate))( |$)/,
    unless,
  },
];
