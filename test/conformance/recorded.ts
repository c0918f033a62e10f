import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CallContext, ChannelAnswer, ChannelRequest, Recorded, RecordedAnswer } from '../../connectors/kit';
import { scriptedCall } from '../../connectors/kit/scripted-call';
import type { Subject } from './suite';

/** The exact bytes of a recording. */
export function bytesOf(channel: string, recorded: Recorded): Buffer {
  if ('text' in recorded) return Buffer.from(recorded.text);
  return readFileSync(path.join(__dirname, '..', '..', 'connectors', channel, 'fixtures', recorded.file));
}

/** A recorded answer as HTTP. */
export function answerOf(channel: string, recorded: RecordedAnswer): ChannelAnswer {
  const { status = 200, headers = {} } = recorded;
  return { status, headers, body: bytesOf(channel, recorded).toString('utf8') };
}

/** A call that gives the recorded order's answers; `rewrite` changes their texts. */
export function recordedCall({ code, data }: Subject, rewrite = (text: string): string => text): CallContext {
  const script = ({ url }: ChannelRequest): ChannelAnswer => {
    const found = data.order.answers.find(({ path: part }) => url.includes(part));
    if (found === undefined) throw new Error(`nothing is recorded of ${url}`);
    const answer = answerOf(code, found);
    return { ...answer, body: rewrite(answer.body) };
  };
  return scriptedCall(data.shop, script).call;
}
