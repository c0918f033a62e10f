/** How a consent ended, as far as the seller's browser is told. */
export type ConsentEnd = 'done' | 'others' | 'some-others' | 'denied' | 'void' | 'failed' | 'busy';

export interface ReturnPage {
  readonly status: number;
  readonly html: string;
}

const SAYS: Readonly<Record<ConsentEnd, readonly [status: number, title: string, text: string]>> = {
  done: [200, 'Authorised', 'The shop is authorised. You can close this page.'],
  'some-others': [
    409,
    'Authorised in part',
    'Some shops are authorised. At least one belongs to another account of this hub and was not taken over.',
  ],
  others: [409, 'Not authorised', 'The shop belongs to another account of this hub and was not taken over.'],
  denied: [200, 'Not authorised', 'The marketplace reports that the authorisation was not given. Nothing was changed.'],
  void: [
    400,
    'This link is not valid',
    'It was used before, is too old, or was never given out. Start the authorisation again.',
  ],
  failed: [502, 'Not authorised', 'The marketplace did not give the authorisation. Start it again in a moment.'],
  busy: [429, 'Too many requests', 'Wait a minute, then start the authorisation again.'],
};

/** A fixed page: nothing that came with the request is on it, and it runs nothing. */
export function returnPage(end: ConsentEnd): ReturnPage {
  const [status, title, text] = SAYS[end];
  const head = `<meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>${title}</title>`;
  return { status, html: `<!doctype html><html lang="en">${head}<h1>${title}</h1><p>${text}</p></html>` };
}

/** Goes with every page. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-robots-tag': 'noindex',
};
