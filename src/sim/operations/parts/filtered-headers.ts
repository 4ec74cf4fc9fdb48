/** Of answers whose text went through the content filter (recorded of chat completions, 2025 and 2026). */
export const filteredHeaders = { 'x-accel-buffering': 'no', 'x-ms-rai-invoked': 'true' } as const
