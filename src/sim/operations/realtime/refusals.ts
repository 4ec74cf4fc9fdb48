/** The errors of Realtime sessions. Each says whether its message is quoted, remembered or a guess. */
import { invalidRequest, listed } from '../../errors.ts'

/** The upstream API's wording. */
export const noSuchEvent = (name: string, names: readonly string[]) =>
  invalidRequest(
    `Invalid value: '${name.slice(0, 200)}'. Supported values are: ${listed(
      names.map((one) => `'${one}'`),
      'and',
    )}.`,
    'type',
    'invalid_value',
  )

/** Quoted by users. */
export const noAnswerToCancel = () =>
  invalidRequest('Cancellation failed: no active response found', null, 'response_cancel_not_active')

/** Quoted by users. */
export const alreadyAnswering = (id: string) =>
  invalidRequest(
    `Conversation already has an active response in progress: ${id}. Wait until the response is finished before creating a new one.`,
    null,
    'conversation_already_has_active_response',
  )

/** Quoted by users. */
export const tooLittleHeard = (ms: number) =>
  invalidRequest(
    `Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer only has ${ms.toFixed(2)}ms of audio.`,
    null,
    'input_audio_buffer_commit_empty',
  )

/** Quoted by users (November 2024). */
export const noSoundHeard = () =>
  invalidRequest(
    "Invalid 'audio'. Expected base64-encoded audio bytes (mono PCM16 at 24kHz) but got an invalid value.",
    'audio',
    'invalid_value',
  )

/** A guess; the bound is documented. */
export const tooMuchSound = () =>
  invalidRequest(
    "Invalid 'audio': at most 15 MiB of audio may be appended at once.",
    'audio',
    'string_above_max_length',
  )

/** Quoted by users for truncations; `what` is `retrieve`, `delete` or `truncate`. */
export const noSuchItem = (what: string, id: string) =>
  invalidRequest(`Item with item_id not found: ${id}`, 'item_id', `item_${what}_invalid_item_id`)

/** Quoted by users. */
export const alreadyShorter = (ms: number, wantedMs: number) =>
  invalidRequest(`Audio content of ${ms}ms is already shorter than ${wantedMs}ms`, 'audio_end_ms', 'invalid_value')

/** Remembered. */
export const nothingToTruncate = () =>
  invalidRequest('Only model output audio messages can be truncated', 'item_id', 'invalid_value')

/** A guess. */
export const noSuchPrevious = (id: string) =>
  invalidRequest(
    `Previous item with item_id not found: ${id}`,
    'previous_item_id',
    'item_create_invalid_previous_item_id',
  )

/** A guess. */
export const noSuchReference = (id: string, param: string) =>
  invalidRequest(`Item with item_id not found: ${id}`, param, 'invalid_value')

/** A guess. */
export const idTaken = (id: string) =>
  invalidRequest(`Item with item_id already exists: ${id}`, 'item.id', 'item_create_duplicate_item_id')

/** Remembered. */
export const noSuchCall = (id: string) =>
  invalidRequest(`Tool call ID '${id}' not found in conversation.`, null, 'invalid_tool_call_id')

/** Remembered. */
export const voiceIsFixed = () =>
  invalidRequest("Cannot update a conversation's voice if assistant audio is present.", null, 'cannot_update_voice')

/** A guess, for both kinds of sessions. */
export const otherKind = (given: string, here: string) =>
  invalidRequest(
    `Passing a ${given} session update event to a ${here} session is not allowed.`,
    'session.type',
    'invalid_value',
  )

/** A guess. */
export const onlyWriting = () => invalidRequest('A transcription session makes no responses.', 'type', 'invalid_value')

/** A guess. */
export const notOverSockets = () =>
  invalidRequest('output_audio_buffer.clear is only for WebRTC and SIP.', 'type', 'invalid_value')

/** A guess. */
export const tooManyApart = () =>
  invalidRequest('Too many responses are in progress.', null, 'too_many_active_responses')

/** A guess, as are the next three: the upstream API's guide says that it refuses them. */
export const serverTwice = (label: string, param: string) =>
  invalidRequest(`Duplicate server_label found: '${label}'.`, param, 'invalid_value')

export const twoPlaces = (param: string) =>
  invalidRequest("Only one of 'server_url', 'connector_id' and 'tunnel_id' can be given.", param, 'invalid_value')

export const serverUnknown = (label: string, param: string) =>
  invalidRequest(
    `One of 'server_url' or 'connector_id' must be given: no MCP server '${label}' was defined in this session.`,
    param,
    'missing_required_parameter',
  )

export const signInTwice = (param: string) =>
  invalidRequest("'authorization' and 'headers.Authorization' cannot both be given.", param, 'invalid_value')

export const tooManyServerHeaders = (param: string, max: number) =>
  invalidRequest(
    `Invalid '${param}': too many properties. Expected an object with at most ${max} properties.`,
    param,
    'object_above_max_properties',
  )

/** As Responses says it, which is a guess. */
export const noSuchLeave = (id: string) =>
  invalidRequest(`No approval request found with id '${id}'.`, 'item.approval_request_id', 'invalid_value')
