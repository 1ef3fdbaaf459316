import { type Finding, failWith, ok } from './finding.ts';

const NAME = 'running daemon';
const ANSWER_MS = 2_000;

/** What a daemon that runs with this configuration says of itself at /readyz; nothing where none does. */
export async function examineReadiness(listen: string, signal: AbortSignal): Promise<Finding[]> {
  const address = listen.replace(/^(0\.0\.0\.0|\[::\])(?=:\d+$)/, '127.0.0.1');
  if (address.endsWith(':0')) return [];
  try {
    const answer = await fetch(`http://${address}/readyz`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
    });
    const [, not, reason = ''] = /^(not )?ready(?:: (.*))?$/s.exec((await answer.text()).trim()) ?? [];
    if (not !== undefined) return [failWith(NAME, reason, 'see its log')];
    return answer.ok ? [ok(NAME, 'is ready')] : [];
  } catch {
    return [];
  }
}
