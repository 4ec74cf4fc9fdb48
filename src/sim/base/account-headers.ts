/** Headers that tell whose account answers and which cluster of machines: made up, and the same in every answer of a region. */
import type { AccountHeader, BackEnd } from './back-end.ts'
import { hashText32, hexText, seededRandom, uuid } from '../random.ts'

type Account = Readonly<Record<AccountHeader, string>>

export function addAccount(headers: Record<string, string>, { account }: BackEnd, region: string): void {
  if (!account) return
  const told = accountIn(region)
  for (const name of account) headers[name] = told[name]
  // Models run on other machines than what keeps files and jobs.
  if (!account.includes('openai-organization') && 'azureml-served-by-cluster' in headers)
    headers['azureml-served-by-cluster'] = told['x-aml-cluster']
}

function accountIn(region: string): Account {
  const known = accounts.get(region)
  if (known) return known
  const random = seededRandom(hashText32(`account ${region}`))
  const organization = hexText(random, 32)
  const place = region.toLowerCase().replace(/[^a-z0-9]/g, '')
  const account: Account = {
    'openai-organization': organization,
    'openai-project': uuid(random),
    'openai-client-partition-id': organization,
    'azureml-served-by-cluster': `hyena-${place}-02`,
    'azureml-internal-forward-count': '1',
    'x-aml-cluster': `vienna-${place}-02`,
  }
  accounts.set(region, account)
  return account
}

/** One a region that the settings name. */
const accounts = new Map<string, Account>()
