/** Which headers of the account are told: of all, of what models answer, and below a project (recorded November 2025 to June 2026). */
export const cluster = ['azureml-served-by-cluster'] as const
export const organization = ['openai-organization'] as const
export const clusterOfModel = [...cluster, 'azureml-internal-forward-count'] as const
export const projectAccount = [...organization, 'openai-project', ...clusterOfModel] as const
/** Of whole answers. */
export const wholeAccount = [...projectAccount, 'openai-client-partition-id'] as const
