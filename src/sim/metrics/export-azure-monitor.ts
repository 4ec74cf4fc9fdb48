import { AzureMonitorMetricExporter } from '@azure/monitor-opentelemetry-exporter'
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics'

/**
 * To an Application Insights resource. Where its local authentication is off, `authentication` names the identity:
 * `Authorization=AAD;ClientId=…`.
 */
export async function azureMonitorExporter(
  connectionString: string,
  authentication: string | undefined,
): Promise<PushMetricExporter> {
  if (!/(^|;)\s*Authorization=AAD/i.test(authentication ?? ''))
    return new AzureMonitorMetricExporter({ connectionString })
  const { ManagedIdentityCredential } = await import('@azure/identity')
  const clientId = /(^|;)\s*ClientId=([^;]+)/i.exec(authentication ?? '')?.[2]
  const credential = clientId ? new ManagedIdentityCredential({ clientId }) : new ManagedIdentityCredential()
  return new AzureMonitorMetricExporter({ connectionString, credential })
}
