import type { Call, LoggedWrite } from './http/call';
import type { Listing } from './shop';

/**
 * Counts a stock write as its row is served. It is out of order when another write of the same listing was still open
 * when this one came: nobody can say which of them the seller meant last.
 */
export function countWrite(call: Call, listing: Listing, write: LoggedWrite): void {
  listing.writesReceived += 1;
  if (write.refused !== undefined) listing.writesRefused += 1;
  if (listing.writesOpen > 0 || call.receivedAt < listing.writeAnsweredAt) listing.writesOutOfOrder += 1;
  listing.writesOpen += 1;
  call.touched.push(listing);
  (call.note.writes ??= []).push(write);
}

/** Called when the answer of a call goes out. */
export function closeWrites(call: Call): void {
  for (const listing of call.touched) {
    listing.writesOpen -= 1;
    listing.writeAnsweredAt = performance.now();
  }
}
