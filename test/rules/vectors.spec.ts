import { OPEN_SCENARIOS, playScenario, SCENARIOS, stageOf } from '../support/vectors';
import { openPureWorld } from '../support/vectors/pure-world';

const played: string[] = [];

describe('the worked examples, on the rules alone', () => {
  it.each(OPEN_SCENARIOS.map((scenario) => [scenario.name, scenario] as const))('%s', async (name, scenario) => {
    await playScenario(scenario, openPureWorld);
    played.push(name);
  });

  it('are 26 of the 36 in the file: the others are strict, bounded or locked', () => {
    console.info(`played on the rules: ${played.length} scenarios`);
    expect([played.length, OPEN_SCENARIOS.length, SCENARIOS.length]).toEqual([26, 26, 36]);
  });

  it('are not passed by a world that shows one unit more', async () => {
    const [scenario] = OPEN_SCENARIOS;
    const tooMany = await openPureWorld(stageOf(scenario!));
    const published = tooMany.published.bind(tooMany);
    tooMany.published = async () => ({ ...(await published()), L: (await published())['L']! + 1 });
    await expect(playScenario(scenario!, async () => tooMany)).rejects.toThrow('event 1 (start)');
  });
});
