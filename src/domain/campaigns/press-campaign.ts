import type { CampaignState } from './campaign';

/** What a person does with a campaign. */
export type CampaignButton = 'edit' | 'submit' | 'send-back' | 'approve' | 'cancel' | 'stop';

const FROM: Readonly<Record<CampaignButton, readonly CampaignState[]>> = {
  edit: ['draft'],
  submit: ['draft'],
  'send-back': ['submitted'],
  approve: ['submitted'],
  cancel: ['draft', 'submitted', 'approved'],
  stop: ['live'],
};

const TO: Readonly<Record<CampaignButton, CampaignState>> = {
  edit: 'draft',
  submit: 'submitted',
  'send-back': 'draft',
  approve: 'approved',
  cancel: 'cancelled',
  stop: 'stopped',
};

/** The state after a button, or undefined where it cannot be pressed. Without a second person, submitting approves. */
export function pressCampaign(
  state: CampaignState,
  button: CampaignButton,
  needsSecondPerson: boolean,
): CampaignState | undefined {
  if (!FROM[button].includes(state)) return undefined;
  return button === 'submit' && !needsSecondPerson ? 'approved' : TO[button];
}
