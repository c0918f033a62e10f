/** The places between two effects where a process may die; tests kill it at each. */
export const CRASH_POINTS = [
  'delivery.stored',
  'delivery.queued',
  'order.read',
  'order.written',
  'move.archived',
  'position.committed',
  'target.written',
  'target.sent',
  'target.acknowledged',
] as const;
/** Places that no trade passes by; each has a test of its own. */
export const TOKEN_CRASH_POINTS = ['tokens.renewed'] as const;
export const POLL_CRASH_POINTS = ['page.read', 'cursor'] as const;
export const CAMPAIGN_CRASH_POINTS = ['campaign.swapped', 'campaign.brought'] as const;
export const EVENT_CRASH_POINTS = ['event.written', 'event.sent'] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];
export type TokenCrashPoint = (typeof TOKEN_CRASH_POINTS)[number];
export type CampaignCrashPoint = (typeof CAMPAIGN_CRASH_POINTS)[number];
export type PollCrashPoint = (typeof POLL_CRASH_POINTS)[number];
export type EventCrashPoint = (typeof EVENT_CRASH_POINTS)[number];

let armed: { name: string; passagesLeft: number } | undefined;

/** Arms a point by the setting `name:N`: at its N-th passage the process is killed. An empty text arms nothing. */
export function armCrashPoint(setting: string): void {
  const [name = '', count = '1'] = setting.split(':');
  armed = name === '' ? undefined : { name, passagesLeft: Number(count) };
}

/** Does nothing unless this point is armed. */
export function crashPoint(
  name: CrashPoint | TokenCrashPoint | PollCrashPoint | CampaignCrashPoint | EventCrashPoint,
): void {
  if (armed === undefined || armed.name !== name) return;
  armed.passagesLeft -= 1;
  if (armed.passagesLeft === 0) process.kill(process.pid, 'SIGKILL');
}
