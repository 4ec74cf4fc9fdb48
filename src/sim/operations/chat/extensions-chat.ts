/** Own data as the previews of 2023 had it: under a name of its own, the data's parameters in their first form (recorded February 2024). */
import { isObject } from '../../base/object.ts'
import { missingParameter } from '../../errors.ts'
import type { Operation } from '../../operation.ts'
import type { ChatBody } from './body.ts'
import { chatCompletions } from './chat-completions.ts'
import type { ChatAnswer } from './stream.ts'

export const extensionsChat: Operation<ChatBody, ChatAnswer> = {
  ...chatCompletions,
  name: 'ExtensionsChatCompletions_Create',
  routes: [
    {
      surface: 'dated',
      since: { name: 'Azure OpenAI On Your Data API', version: '2023-06-01-preview' },
      template: '/openai/deployments/{deployment}/extensions/chat/completions',
    },
  ],
  parse: (input, model, origin) => {
    if (!isObject(input) || !Array.isArray(input['dataSources']) || input['dataSources'].length === 0)
      throw missingParameter('dataSources')
    const { dataSources: _, ...rest } = input
    const body = chatCompletions.parse(rest, model, origin)
    const [source] = input['dataSources'] as readonly unknown[]
    const told = isObject(source) && isObject(source['parameters']) ? source['parameters'] : {}
    const { topNDocuments: max } = told
    const parameters = typeof max === 'number' ? { top_n_documents: max } : {}
    return { ...body, data_sources: [{ type: 'azure_search', parameters }], isFirstOwnData: true }
  },
}
