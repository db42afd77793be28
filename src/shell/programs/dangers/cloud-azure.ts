// Dangers of Azure and its command line.
import type { Danger } from "./danger.ts";
import { deletesAt, HARMLESS, rows } from "./remote.ts";

const AZ = { programs: "az", unless: `${HARMLESS} --what-if` } as const;

export const AZURE_DANGERS: readonly Danger[] = [
  ...rows(
    { ...AZ, risk: "delete-remote" },
    {
      "group delete": "deletes a resource group with all that is in it",
      "vm delete, vmss delete": "deletes servers",
      "aks delete": "deletes a Kubernetes cluster",
      "webapp delete, functionapp delete, containerapp delete, container delete, staticwebapp delete, appservice plan delete":
        "deletes a running app",
      "network vnet delete, network nsg delete, network public-ip delete, network lb delete, network application-gateway delete":
        "deletes a part of a network",
      "network dns zone delete, network private-dns zone delete": "deletes a DNS zone with its records",
      "acr delete": "deletes an image registry with all its images",
      "acr repository delete, acr repository untag": "deletes container images or their names",
      "ad user delete, ad group delete, ad app delete, ad sp delete":
        "deletes a user, a group or an app's identity",
      "account management-group delete, account subscription cancel": "deletes or cancels a subscription",
      "repos delete": "deletes a code repository",
      "devops project delete": "deletes a project with its code, builds and boards",
      "pipelines delete, pipelines build definition delete, pipelines variable delete, pipelines variable-group delete, pipelines release definition delete, pipelines folder delete":
        "deletes a pipeline or its variables",
      "devops team delete, devops user remove, devops service-endpoint delete, devops wiki delete, devops extension uninstall":
        "deletes a part of an Azure DevOps project",
      "boards work-item delete": "deletes work items",
      "repos ref delete, repos policy delete": "deletes a branch or its protection",
      "artifacts universal delete": "deletes a package",
      "lock delete": "takes a protection against deletion away",
    },
  ),
  ...rows(
    { ...AZ, risk: "delete-data" },
    {
      "storage account delete": "deletes a storage account with all its data",
      "storage blob delete, storage blob delete-batch, storage container delete, storage fs delete, storage fs file delete, storage fs directory delete, storage share delete, storage file delete, storage file delete-batch, storage directory delete":
        "deletes stored files",
      "storage queue delete, storage table delete, storage entity delete, storage message clear":
        "deletes a queue or a table with its data",
      "storage blob sync": "deletes stored files that its source does not have",
      "sql server delete, sql db delete, sql mi delete, mysql server delete, mysql flexible-server delete, postgres server delete, postgres flexible-server delete, mariadb server delete":
        "deletes a database server or a database",
      "mysql db delete, mysql flexible-server db delete, postgres db delete, postgres flexible-server db delete":
        "deletes a database",
      "cosmosdb delete, cosmosdb sql database delete, cosmosdb sql container delete, cosmosdb mongodb database delete, cosmosdb mongodb collection delete":
        "deletes a Cosmos database or its containers",
      "redis delete": "deletes a cache with its data",
      "redis flush": "empties a cache",
      "keyvault delete, keyvault purge": "deletes a vault with its keys and secrets",
      "keyvault secret delete, keyvault secret purge, keyvault key delete, keyvault key purge, keyvault certificate delete, keyvault certificate purge":
        "deletes a stored secret, a key or a certificate",
      "disk delete, snapshot delete, image delete": "deletes a disk, a snapshot or an image",
      "backup protection disable, backup vault delete, backup container unregister":
        "ends or deletes backups",
      "monitor log-analytics workspace delete, monitor app-insights component delete": "deletes logs",
      "servicebus namespace delete, servicebus queue delete, servicebus topic delete, eventhubs namespace delete, eventhubs eventhub delete":
        "deletes queues with their messages",
    },
  ),
  deletesAt("az", "at Azure"),
  {
    ...AZ,
    risk: "delete-remote",
    says: "sends a DELETE request to Azure",
    on: "devops invoke, rest",
    word: /^(--http-method=|--method=|-m)?delete$/i,
  },
  {
    ...AZ,
    risk: "change-live",
    says: "sends a change to Azure",
    on: "devops invoke, rest",
    word: /^(--http-method=|--method=|-m)?(put|patch|post)$/i,
  },
  ...rows(
    { ...AZ, risk: "change-live" },
    {
      "vm stop, vm deallocate, vm restart, vm redeploy, vmss stop, vmss deallocate":
        "stops or restarts servers",
      "aks stop, aks scale, aks nodepool scale, vmss scale, containerapp update, webapp stop, webapp restart, functionapp stop, webapp deploy, webapp deployment":
        "changes or stops something that runs",
      "sql db restore, postgres flexible-server restore, cosmosdb restore":
        "restores a database from a backup",
      "deployment group create, deployment sub create": "changes resources by a template",
      "pipelines runs cancel, pipelines build cancel": "stops a running build",
    },
  ),
  ...rows(
    { ...AZ, risk: "grant-access" },
    {
      "role assignment create, role definition create, role definition update, role assignment delete":
        "changes who may do what",
      "ad sp create-for-rbac, ad sp credential reset, ad app credential reset, ad user update":
        "makes or changes a way to log in",
      "keyvault set-policy, storage container set-permission": "changes who may read stored secrets or files",
      "network nsg rule create, network nsg rule update, sql server firewall-rule create, postgres flexible-server firewall-rule create, mysql flexible-server firewall-rule create":
        "opens a firewall",
      "devops security permission update, devops security permission reset, devops security permission reset-all, devops security group membership add":
        "changes who may do what in Azure DevOps",
    },
  ),
  ...rows(
    { ...AZ, risk: "show-secret" },
    {
      "keyvault secret show, keyvault secret download, keyvault key download": "shows a stored secret",
      "storage account keys, storage account show-connection-string, cosmosdb keys, redis list-keys, acr credential show, storage blob generate-sas, storage account generate-sas, servicebus namespace authorization-rule keys":
        "shows keys to stored data",
      "account get-access-token": "shows a token to log in with",
    },
  ),
  ...rows(
    { ...AZ, risk: "run-remote" },
    {
      "vm run-command invoke, vmss run-command invoke, aks command invoke":
        "runs commands on servers at Azure",
      "webapp ssh, container exec, containerapp exec": "opens a shell or runs a command in an app at Azure",
    },
  ),
];
