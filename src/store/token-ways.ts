import type { Connector } from '../../connectors/kit';
import type { TokenWays } from '../domain';
import type { Pace } from '../platform/pace';

/** A channel that says nothing of it warns a week ahead. */
const WARN_MS = 7 * 24 * 3_600_000;
/** Longer than a call takes to be signed and to arrive. */
const SOON_MS = 5000;
const PAUSE_MS = 10_000;
const PROBE_MS = 15_000;

/** How tokens of this channel are replaced, at the pace of this hub. */
export function waysOf(connector: Connector, pace: Pace): TokenWays {
  const { authorisation } = connector;
  const isIssued = connector.issueToken !== undefined;
  const renewsBy = isIssued ? 'issue' : authorisation !== undefined ? 'refresh' : 'nothing';
  return {
    renewsBy,
    leadMs: pace.of(authorisation?.leadMs ?? 0),
    warnMs: pace.of(authorisation?.warnMs ?? WARN_MS),
    soonMs: pace.of(SOON_MS),
    pauseMs: pace.of(PAUSE_MS),
    probeMs: pace.of(PROBE_MS),
  };
}
