export const CHANNELS = ['lazada', 'shopee', 'zalora'] as const;
export type Channel = (typeof CHANNELS)[number];

/** The other two. */
export const othersOf = (channel: Channel): readonly Channel[] => CHANNELS.filter((each) => each !== channel);
