import type { ChannelIds } from '../kit';

/** [S6] `model_id` 0 is an item without variations; a listing may leave it out. */
export const modelIdOf = (channelIds: ChannelIds): string => channelIds.modelId || '0';
export const itemIdOf = (channelIds: ChannelIds): string => channelIds.itemId ?? '';

const ID = /^\d{1,15}$/;
/** Both ids are numbers that a call can carry. */
export const isNumbered = (channelIds: ChannelIds): boolean =>
  ID.test(itemIdOf(channelIds)) && ID.test(modelIdOf(channelIds));

/** `itemId:modelId`, the same text from a listing and from an order's line. */
export const keyOfModel = (itemId: string, modelId: string): string => `${itemId}:${modelId}`;

export const listingKey = (channelIds: ChannelIds): string => keyOfModel(itemIdOf(channelIds), modelIdOf(channelIds));
