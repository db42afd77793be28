// Command lines of clouds, and programs that build in them. Their global options stand in front of the subcommand or behind it.
import type { Program } from "./program.ts";

export const CLOUD_TOOLS: readonly Program[] = [
  {
    names: "aws awslocal",
    valued:
      "--profile --region --output --endpoint-url --query --ca-bundle --cli-read-timeout --cli-connect-timeout --color --cli-binary-format " +
      "--sql --query-string --sqls --secret-id --name --exclude --include --acl --capacity --desired-count --document-name --service",
  },
  {
    names: "gcloud",
    valued:
      "--project --account --configuration --format --verbosity --zone --region --location --impersonate-service-account --billing-project --flags-file --flatten " +
      "--filter --trace-token --access-token-file --sql --ddl --command --instance --database --member --role --cluster --keyring",
  },
  { names: "gsutil", valued: "-h -o -u -i -D" },
  {
    names: "bq",
    valued:
      "--project_id --dataset_id --location --format --api --bigqueryrc --credential_file --job_id --destination_table --max_rows -n --label --time_partitioning_field --query",
  },
  {
    names: "az",
    valued:
      "-g --resource-group -n --name --subscription -o --output --query --location -l --account-name --container-name --ids --vault-name --server --yes-to",
  },
  { names: "doctl", valued: "-t --access-token -u --api-url -c --config --context -o --output --trace-id" },
  { names: "linode-cli", valued: "--as-user --format --delimiter" },
  { names: "hcloud", valued: "--config --context --endpoint --poll-interval --token -o --output" },
  {
    names: "oci",
    valued:
      "--profile --config-file --region --auth --output --query --compartment-id -c --endpoint --cert-bundle",
  },
  { names: "ibmcloud", valued: "-r -g --region --resource-group --output" },
  { names: "scw", valued: "-c --config -o --output -p --profile" },
  {
    names: "vultr vultr-cli civo exo upctl openstack aliyun tccli hetzner nova cf cinder neutron",
    valued: "--config --region --os-cloud --os-region-name --os-project-name --output -o",
  },
  {
    names: "terraform tofu terragrunt cdktf",
    valued:
      "-chdir -target -var -var-file -state -lock-timeout -parallelism --working-dir --terragrunt-working-dir --terragrunt-config --terragrunt-source --config",
  },
  { names: "atmos", valued: "-s --stack --logs-level --base-path --config" },
  {
    names: "pulumi",
    valued:
      "-C --cwd -s --stack --color --logflow -v --verbose --profiling --tracing -m --message -t --target",
  },
  {
    names: "cdk",
    valued:
      "-a --app -c --context -o --output --profile -r --role-arn --ca-bundle-path -p --plugin --proxy --require-approval",
  },
  { names: "sam", valued: "--stack-name --region --profile --config-file --config-env -t --template" },
  {
    names: "serverless sls",
    valued: "-s --stage -r --region -c --config -f --function --aws-profile --app --org",
  },
  {
    names: "eb copilot sst chalice zappa up ecs-cli",
    valued: "--profile -r --region -e --environment --stage --name -n -c",
  },
  {
    names: "ansible ansible-playbook ansible-pull ansible-console",
    valued:
      "-i --inventory -l --limit -e --extra-vars -m --module-name -a --args -u --user -c --connection -f --forks -t --tags --skip-tags --vault-password-file --vault-id " +
      "--private-key --key-file -T --timeout -M --module-path --become-user --become-method --start-at-task -B -P",
  },
  {
    names:
      "ansible-galaxy ansible-vault packer nixops salt salt-call salt-ssh knife chef-client puppet bolt fab pssh",
    valued: "-i -c --config -n -u -t --targets",
  },
];
