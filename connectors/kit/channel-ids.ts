/** What a channel knows a listing by: the names are its manifest's. */
export interface ChannelIds {
  readonly [name: string]: string;
}
