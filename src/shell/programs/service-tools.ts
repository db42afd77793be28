// Command lines of services that others run for us: where code lives, where it is built and served, where secrets, files and
// messages are kept.
import type { Program } from "./program.ts";

/** Options of `doppler run`, `infisical run`, `op run`, up to `--`. */
const PROJECT =
  "-p --project -c --config --env --environment -e --token --projectId --path --env-file --account --scope -t -s --service --app -a -r --remote --size";

export const SERVICE_TOOLS: readonly Program[] = [
  {
    names: "gh",
    valued:
      "-R --repo -X --method -f -F --field --raw-field -H --header --hostname --jq -q -t --template --input -b --body -B --base --env -e --org -o -u --user --app -a --title --tag --visibility --limit -L --workflow -w --ref --name -n --cache -p --preview --json --message --subject",
  },
  {
    names: "glab hub tea",
    valued:
      "-R --repo -X --method -f -F -H --header --field --raw-field -g --group -s --scope --hostname -t --token --login",
  },
  { names: "circleci", valued: "--host --token --org-id --context-id" },
  {
    names: "jenkins-cli buildkite-agent bk drone travis tkn woodpecker-cli concourse fly-cli",
    valued: "-s -auth --server --token -t -n --namespace",
  },
  { names: "vercel now", valued: `${PROJECT} -A --local-config -Q --global-config -S` },
  { names: "netlify ntl", valued: "--auth --filter --site -s --context --httpProxy" },
  {
    names: "fly flyctl",
    valued: "-a --app -c --config -t --access-token -o --org -r --region -C --command --image -e --env",
  },
  {
    names: "heroku",
    valued: "-a --app -r --remote -c --command --confirm -t --team -s --size --type",
    runs: { after: "run, run:detached", valued: "-a --app -r --remote -s --size -e --env" },
  },
  {
    names: "railway",
    valued: "-s --service -e --environment -p --project --set",
    runs: { after: "run", valued: "" },
  },
  { names: "render", valued: "-o --output --service" },
  {
    names: "wrangler",
    valued:
      "-c --config -e --env --cwd --command --file --binding --namespace-id --preview --name --env-file --database --project-name",
  },
  {
    names: "firebase firebase-tools",
    valued: "-P --project --account -c --config --token --only --database --instance --filter",
  },
  {
    names: "supabase",
    valued:
      "--dns-resolver --network-id -o --output --profile --workdir --project-ref --db-url -p --password --sql --query --status --version --schema -s",
  },
  {
    names: "surge eas expo amplify",
    valued: "-p --project -d --domain --platform -e --profile --non-interactive-option --appId --branch",
  },
  {
    names: "kamal dokku caprover nixpacks porter dokploy cap deployer",
    valued: "-d --destination -c --config-file -r --roles -h --hosts --version --app",
  },
  { names: "modal", valued: "-e --env --profile" },
  {
    names: "stripe",
    valued:
      "--api-key --project-name --color --config --device-name --log-level -d --data -e --expand --idempotency --stripe-version --stripe-account",
  },
  {
    names:
      "twilio sendgrid postmark shopify sentry-cli newrelic ldcli datadog-ci dog pd pagerduty grafana-cli grizzly grr splunk algolia fastly flarectl",
    valued:
      "--profile -o --output -l --log-level --sid --org --project -p --auth-token --url --token -s --service-id --service-name --api-key --account --accountId --id --access-token --environment --flag -t -auth --version",
  },
  {
    names: "vault bao openbao",
    valued:
      "-address -namespace -ns -ca-cert -ca-path -client-cert -client-key -format -field -mount -version -versions -wrap-ttl -header -method -path",
  },
  {
    names: "consul nomad boundary waypoint",
    valued:
      "-http-addr -token -datacenter -namespace -partition -address -region -ca-file -job -detach-option",
  },
  { names: "doppler infisical", valued: PROJECT, runs: { after: "run", valued: `${PROJECT} --command` } },
  {
    names: "op",
    valued: "--account --vault --config --session --format --encoding --cache-option",
    runs: { after: "run", valued: "--env-file --account --environment" },
  },
  {
    names:
      "kafka-topics kafka-topics.sh kafka-configs kafka-configs.sh kafka-acls kafka-acls.sh kafka-consumer-groups kafka-consumer-groups.sh kafka-delete-records kafka-delete-records.sh kafka-streams-application-reset rpk kcat",
    valued:
      "--bootstrap-server --zookeeper --topic --group --command-config --entity-name --entity-type -b -X --brokers",
  },
  {
    names: "rabbitmqctl rabbitmqadmin rabbitmq-queues nats nsc pulsar-admin celery",
    valued:
      "-n --node -p --vhost -H --host -P --port -u --username --password -V -s --server --creds --context --user -A --app -Q --queues --admin-url -t --timeout -l",
  },
  {
    names: "restic",
    valued:
      "-r --repo --repository-file -p --password-file --cache-dir -o --option --limit-download --limit-upload --tag --host --path -H",
  },
  {
    names:
      "borg borgmatic kopia duplicity duplicati-cli rdiff-backup bup tarsnap pgbackrest wal-g wal-e barman",
    valued:
      "--repo -r -a --glob-archives --rsh --remote-path --config -c --config-file --stanza --archive --umask --lock-wait",
  },
  {
    names: "mc mcli s3cmd s5cmd b2 azcopy swift",
    valued:
      "--config-dir -C --config -c --endpoint-url --profile --credentials-file --access_key --secret_key --host --region --exclude --include --limit-upload --older-than --newer-than --from-to --numworkers",
  },
  {
    names: "wandb huggingface-cli hf kaggle databricks dvc mlflow sky sagemaker comet ollama",
    valued:
      "--repo-type --token --revision -p --profile -t --target -e --entity --project --job-id -o --output --json --experiment-id --run-id --file",
  },
  {
    names: "snowflake dbt airflow dagster prefect astro",
    valued: "--profiles-dir --project-dir --target --select -s --profile -t --dag-id -m --conn-id --args",
  },
  {
    names: "deck kong kcadm kcadm.sh",
    valued:
      "-s --state --kong-addr --headers -o --select-tag --workspace -w -c --conf --config -r --realm --target-realm --fields",
  },
];
