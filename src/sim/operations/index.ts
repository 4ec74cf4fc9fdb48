/** Every operation, one line each. */
import { videoContent, videoCreate, videoDelete, videoGet, videoList, videoRemix } from './videos/videos.ts'
import type { AnyOperation } from '../operation.ts'
import { audioSpeech } from './audio/audio-speech.ts'
import { audioTranscriptions } from './audio/audio-transcriptions.ts'
import { audioTranslations } from './audio/audio-translations.ts'
import { batchCancel, batchCreate, batchGet, batchList } from './batches/batches.ts'
import { chatCompletions } from './chat/chat-completions.ts'
import { extensionsChat } from './chat/extensions-chat.ts'
import {
  storedChatDelete,
  storedChatGet,
  storedChatList,
  storedChatMessages,
  storedChatUpdate,
} from './chat/stored-chats.ts'
import { completions } from './completions/completions.ts'
import { evalCreate, evalDelete, evalGet, evalList, evalUpdate } from './evals/evals.ts'
import { graderRun, graderValidate } from './evals/graders.ts'
import {
  evalOutputItemGet,
  evalOutputItemList,
  evalRunCancel,
  evalRunCreate,
  evalRunDelete,
  evalRunGet,
  evalRunList,
  evalRunStop,
} from './evals/runs.ts'
import { embeddings } from './embeddings/embeddings.ts'
import { fileContent, fileDelete, fileGet, fileList, fileUpload } from './batches/files.ts'
import { imageContent } from './images/image-content.ts'
import { imageEmbeddings } from './inference/image-embeddings.ts'
import { imagesEdits } from './images/images-edits.ts'
import { imagesGenerations } from './images/images-generations.ts'
import { messagesCountTokens } from './claude/messages-count-tokens.ts'
import { messages } from './claude/messages.ts'
import { modelInfo } from './inference/model-info.ts'
import { deployment, deployments } from './models/deployments.ts'
import { model, models } from './models/models.ts'
import {
  agentCreate,
  agentDelete,
  agentGet,
  agentList,
  agentUpdate,
  agentVersionCreate,
  agentVersionDelete,
  agentVersionGet,
  agentVersionList,
} from './responses/agent-operations.ts'
import {
  projectConnection,
  projectConnections,
  projectDeployment,
  projectDeployments,
} from './models/project-deployments.ts'
import {
  conversationItemDelete,
  conversationItemGet,
  conversationItemsCreate,
  conversationItemsList,
} from './responses/conversation-items.ts'
import {
  conversationCreate,
  conversationDelete,
  conversationGet,
  conversationList,
  conversationUpdate,
} from './responses/conversations.ts'
import { responseCancel } from './responses/response-cancel.ts'
import { responseCompact } from './responses/response-compact.ts'
import { responseDelete } from './responses/response-delete.ts'
import { responseGet } from './responses/response-get.ts'
import { responseInputItems } from './responses/response-input-items.ts'
import { responseInputTokens } from './responses/response-input-tokens.ts'
import { responses } from './responses/responses.ts'
import {
  vectorStoreCreate,
  vectorStoreList,
  vectorStoreGet,
  vectorStoreUpdate,
  vectorStoreDelete,
  vectorStoreSearch,
} from './vector-stores/stores.ts'
import {
  storeFileCreate,
  storeFileList,
  storeFileGet,
  storeFileUpdate,
  storeFileDelete,
  storeFileContent,
} from './vector-stores/files.ts'
import { fileBatchCreate, fileBatchGet, fileBatchCancel, fileBatchFiles } from './vector-stores/file-batches.ts'
import { uploadCreate, uploadPart, uploadComplete, uploadCancel } from './uploads/uploads.ts'
import {
  fineTuningCreate,
  fineTuningList,
  fineTuningGet,
  fineTuningDelete,
  fineTuningCancel,
  fineTuningPause,
  fineTuningResume,
  fineTuningEvents,
  fineTuningCheckpoints,
} from './fine-tuning/jobs.ts'
import {
  containerCreate,
  containerList,
  containerGet,
  containerDelete,
  containerFileCreate,
  containerFileList,
  containerFileGet,
  containerFileDelete,
  containerFileContent,
} from './containers/containers.ts'
import { webhookCreate, webhookList, webhookGet, webhookUpdate, webhookDelete } from './webhooks/webhook-endpoints.ts'
import { responsesList } from './responses/responses-list.ts'
import { responsesConnect } from './responses/live-responses.ts'
import { clientSecrets, previewSessions } from './realtime/client-secrets.ts'
import { realtimeConnect } from './realtime/connect.ts'
import { liveAttach, liveConnect, liveCreate } from './realtime/live-connect.ts'
import { translationsConnect, translationSecrets } from './realtime/translating.ts'
import { realtimeRespond } from './realtime/respond.ts'

export const operations: readonly AnyOperation[] = [
  chatCompletions,
  extensionsChat,
  storedChatList,
  storedChatGet,
  storedChatUpdate,
  storedChatDelete,
  storedChatMessages,
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
  deployments,
  deployment,
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
  vectorStoreCreate,
  vectorStoreList,
  vectorStoreGet,
  vectorStoreUpdate,
  vectorStoreDelete,
  vectorStoreSearch,
  storeFileCreate,
  storeFileList,
  storeFileGet,
  storeFileUpdate,
  storeFileDelete,
  storeFileContent,
  fileBatchCreate,
  fileBatchGet,
  fileBatchCancel,
  fileBatchFiles,
  responses,
  responseGet,
  agentCreate,
  agentList,
  agentGet,
  agentUpdate,
  agentDelete,
  agentVersionCreate,
  agentVersionList,
  agentVersionGet,
  agentVersionDelete,
  projectDeployments,
  projectDeployment,
  projectConnections,
  projectConnection,
  conversationCreate,
  conversationList,
  conversationGet,
  conversationUpdate,
  conversationDelete,
  conversationItemsCreate,
  conversationItemsList,
  conversationItemGet,
  conversationItemDelete,
  responseDelete,
  responseCancel,
  responseInputItems,
  responseInputTokens,
  responseCompact,
  uploadCreate,
  uploadPart,
  uploadComplete,
  uploadCancel,
  evalCreate,
  evalList,
  evalGet,
  evalUpdate,
  evalDelete,
  evalRunCreate,
  evalRunList,
  evalRunGet,
  evalRunCancel,
  evalRunStop,
  evalRunDelete,
  evalOutputItemList,
  evalOutputItemGet,
  fineTuningCreate,
  fineTuningList,
  fineTuningGet,
  fineTuningDelete,
  fineTuningCancel,
  fineTuningPause,
  fineTuningResume,
  fineTuningEvents,
  fineTuningCheckpoints,
  graderRun,
  graderValidate,
  containerCreate,
  containerList,
  containerGet,
  containerDelete,
  containerFileCreate,
  containerFileList,
  containerFileGet,
  containerFileDelete,
  containerFileContent,
  videoCreate,
  videoList,
  videoGet,
  videoDelete,
  videoContent,
  videoRemix,
  webhookCreate,
  webhookList,
  webhookGet,
  webhookUpdate,
  webhookDelete,
  responsesConnect,
  responsesList,
  realtimeConnect,
  clientSecrets,
  previewSessions,
  realtimeRespond,
  liveConnect,
  liveAttach,
  liveCreate,
  translationsConnect,
  translationSecrets,
]
