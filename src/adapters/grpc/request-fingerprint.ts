import { createHash, type Hash } from 'node:crypto';

/**
 * Equal for equal requests, whatever the order in which a client wrote the entries of their maps (Go's changes from call to
 * call); of fixed length, for it is kept for an hour. Empty without a request id, where nothing is compared.
 */
export function requestFingerprint(request: { readonly requestId: string }): string {
  if (request.requestId === '') return '';
  const hash = createHash('sha256');
  feed(hash, request);
  return hash.digest('base64');
}

/** Every value begins with its type and its length, so that different ones cannot run into the same bytes. */
function feed(hash: Hash, value: unknown): void {
  if (Buffer.isBuffer(value)) {
    hash.update(`bytes ${value.length} `).update(value);
  } else if (Array.isArray(value)) {
    hash.update(`list ${value.length} `);
    for (const item of value) feed(hash, item);
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    hash.update(`map ${entries.length} `);
    for (const [key, inner] of entries) {
      feed(hash, key);
      feed(hash, inner);
    }
  } else {
    const text = String(value);
    hash.update(`${typeof value} ${text.length} ${text}`);
  }
}
