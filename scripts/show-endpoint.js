/**
 * What azd runs after a deployment, with the outputs of `bicep/main.bicep` in its environment: says where the simulator
 * is, how to read its key, and what an application needs of both. Written for any Node that azd finds.
 */
const env = process.env
const endpoint = env.SIMULATOR_ENDPOINT ?? ''
const vault = env.AZURE_KEY_VAULT_NAME ?? ''

console.log(`
The simulator is at ${endpoint}

Its key is in the key vault ${vault}. To point an application at it:

  export AZURE_OPENAI_ENDPOINT=${endpoint}
  export AZURE_OPENAI_API_KEY=$(az keyvault secret show --vault-name ${vault} --name simulator-api-key --query value --output tsv)

Without the Azure CLI the key is where azd keeps it:

  azd env config get infra.parameters.simulatorApiKey

The first answer after a pause takes some seconds: with nobody asking, nothing runs and nothing is billed.
`)
