// Programs for containers, for the machines that they run on, and for clusters of them.
import type { Program } from "./program.ts";

/** Of `docker exec`, `docker run` and the same under `compose`. */
const INSIDE =
  "-e -u -w -c -f -p -v -l -h -m -a --env --user --workdir --env-file --container --detach-keys --index --file --project-name --profile --project-directory " +
  "--name --volume --mount --network --net --publish --expose --entrypoint --label --label-file --hostname --add-host --dns --cap-add --cap-drop --security-opt " +
  "--device --gpus --memory --cpus --cpu-shares --cpuset-cpus --memory-swap --shm-size --restart --platform --pull --pid --ipc --uts --userns --cgroupns --cgroup-parent " +
  "--runtime --ulimit --tmpfs --volumes-from --volume-driver --log-driver --log-opt --link --ip --mac-address --stop-signal --stop-timeout --sysctl --storage-opt --cidfile " +
  "--health-cmd --health-interval --health-retries --health-timeout --group-add --domainname --annotation --isolation --oom-score-adj --pids-limit --blkio-weight --network-alias --pod --secret --arch --authfile --systemd --scale";
const COMPOSE =
  "-f -p --file --project-name --profile --env-file --project-directory --ansi --parallel --progress --rmi -t --timeout --scale -e --env --volume";
const KUBERNETES =
  "-n --namespace --context --kubeconfig --cluster --user --as --as-group --as-uid -s --server --token --cache-dir --certificate-authority --client-certificate --client-key " +
  "--request-timeout --tls-server-name --v --vmodule --profile --profile-output --username --password -v --kuberc";
const HELM =
  "-n --namespace --kube-context --kubeconfig --kube-apiserver --kube-as-group --kube-as-user --kube-ca-file --kube-token --kube-tls-server-name --burst-limit --qps " +
  "--registry-config --repository-cache --repository-config -f --values --set --set-string --set-file --set-json --timeout --version --description --cascade --repo -o --output --history-max";

export const CONTAINER_TOOLS: readonly Program[] = [
  {
    names: "docker podman nerdctl finch",
    valued:
      "-c -H --context --host --config -l --log-level --tlscacert --tlscert --tlskey --namespace --address -n --url --connection --identity --root --runroot",
    subcommands: {
      compose: COMPOSE,
      run: INSIDE,
      create: INSIDE,
      container: INSIDE,
      exec: "-e -u -w --env --user --workdir --env-file --detach-keys",
      service: "--replicas --image --env-add --limit-memory --update-delay",
      system: "--filter",
    },
    runs: {
      after: "exec, container exec, compose exec, run, container run, compose run",
      valued: INSIDE,
      skip: 1,
    },
    runsElsewhere: true,
    wholeFolders: true,
  },
  {
    names: "docker-compose podman-compose",
    valued: COMPOSE,
    runs: { after: "exec, run", valued: INSIDE, skip: 1 },
    runsElsewhere: true,
    wholeFolders: true,
  },
  {
    names: "kubectl oc kubecolor microk8s.kubectl k3s.kubectl",
    valued: `${KUBERNETES} -l --selector -f --filename -k --kustomize -o --output --field-selector --grace-period --timeout -c --container --replicas -p --patch --type --image --cascade`,
    runs: { after: "exec, rsh", valued: "-c --container", skip: 1, optionsBehind: true },
    runsElsewhere: true,
  },
  {
    names: "microk8s k3s minikube",
    valued: "-p --profile",
    runs: { after: "kubectl" },
  },
  { names: "helm", valued: HELM },
  {
    names: "helmfile",
    valued:
      "-f --file -e --environment -l --selector -n --namespace --kube-context --state-values-file --state-values-set -i --interactive --log-level -b --helm-binary",
  },
  { names: "kustomize skaffold tilt kapp kpt", valued: `${KUBERNETES} -f -p --filename -a --app` },
  {
    names: "argocd flux istioctl linkerd velero cilium kubeadm eksctl kops k3d kind ctr crictl",
    valued: `${KUBERNETES} -a --address --grpc-web-root-path --auth-token --config --name --region --state -r --runtime-endpoint --timeout -f`,
  },
  { names: "buildah skopeo", valued: "--root --runroot --storage-driver --authfile --creds" },
  {
    names: "vagrant virsh colima prlctl vboxmanage",
    valued: "-c --connect --project --machine-readable",
  },
];
