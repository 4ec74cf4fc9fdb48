/** Every operation, one line each. */
import type { AnyOperation } from '../operation.ts'
import { audioSpeech } from './audio-speech.ts'
import { audioTranscriptions } from './audio-transcriptions.ts'
import { audioTranslations } from './audio-translations.ts'
import { batchCancel, batchCreate, batchGet, batchList } from './batches.ts'
import { chatCompletions } from './chat-completions.ts'
import { completions } from './completions.ts'
import { embeddings } from './embeddings.ts'
import { fileContent, fileDelete, fileGet, fileList, fileUpload } from './files.ts'
import { imageContent } from './image-content.ts'
import { imageEmbeddings } from './image-embeddings.ts'
import { imagesEdits } from './images-edits.ts'
import { imagesGenerations } from './images-generations.ts'
import { messagesCountTokens } from './messages-count-tokens.ts'
import { messages } from './messages.ts'
import { modelInfo } from './model-info.ts'
import { model, models } from './models.ts'
import { responseCancel } from './response-cancel.ts'
import { responseCompact } from './response-compact.ts'
import { responseDelete } from './response-delete.ts'
import { responseGet } from './response-get.ts'
import { responseInputItems } from './response-input-items.ts'
import { responseInputTokens } from './response-input-tokens.ts'
import { responses } from './responses.ts'

export const operations: readonly AnyOperation[] = [
  chatCompletions,
  completions,
  embeddings,
  audioTranslations,
  audioTranscriptions,
  audioSpeech,
  imagesGenerations,
  imagesEdits,
  imageContent,
  imageEmbeddings,
  messages,
  messagesCountTokens,
  models,
  model,
  modelInfo,
  fileUpload,
  fileList,
  fileGet,
  fileDelete,
  fileContent,
  batchCreate,
  batchList,
  batchGet,
  batchCancel,
  responses,
  responseGet,
  responseDelete,
  responseCancel,
  responseInputItems,
  responseInputTokens,
  responseCompact,
]
