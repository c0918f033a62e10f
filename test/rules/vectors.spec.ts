import { playScenario, SCENARIOS, stageOf } from '../support/vectors';
import { openPureWorld } from '../support/vectors/pure-world';

const played: string[] = [];

describe('the worked examples, on the rules alone', () => {
  it.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))('%s', async (name, scenario) => {
    await playScenario(scenario, openPureWorld);
    played.push(name);
  });

  it('are all 36 in the file', () => {
    console.info(`played on the rules: ${played.length} scenarios`);
    expect([played.length, SCENARIOS.length]).toEqual([36, 36]);
  });

  it('are not passed by a world that shows one unit more', async () => {
    const [scenario] = SCENARIOS;
    const tooMany = await openPureWorld(stageOf(scenario!));
    const published = tooMany.published.bind(tooMany);
    tooMany.published = async () => ({ ...(await published()), L: (await published())['L']! + 1 });
    await expect(playScenario(scenario!, async () => tooMany)).rejects.toThrow('event 1 (start)');
  });
});
