import type { ChannelIds } from '../kit';

/** [S6] `model_id` 0 is an item without variations; a listing may leave it out. */
export const modelIdOf = (channelIds: ChannelIds): string => channelIds.modelId || '0';

/** `itemId:modelId`, the same text from a listing and from an order's line. */
export const keyOfModel = (itemId: string, modelId: string): string => `${itemId}:${modelId}`;

export const listingKey = (channelIds: ChannelIds): string =>
  keyOfModel(channelIds.itemId ?? '', modelIdOf(channelIds));
