import type { Collection } from 'mongodb';
import { canonical, type Doc, ModelCollection } from './model';
import { RandomOperations, seeded } from './operations';

/** Runs the same operations on both collections and the model; throws at the first answer that differs. */
export async function compareAll(
  on: { indexed: Collection<Doc>; plain: Collection<Doc> },
  seed: number,
  operations: number,
): Promise<void> {
  const random = new RandomOperations(seeded(seed));
  const model = new ModelCollection();
  for (let n = 0; n < operations; n++) {
    const operation = random.next();
    const answers = await Promise.all([operation.run(on.indexed), operation.run(on.plain)]);
    const expected = canonical(operation.model(model));
    answers.forEach((answer, place) => {
      if (canonical(answer) === expected) return;
      const where = place === 0 ? 'indexed' : 'unindexed';
      throw new Error(
        `seed ${seed}, operation ${n} (${where})\n${String(operation.run)}\n${canonical(operation.about)}\ngives ${canonical(answer)}\nnot   ${expected}`,
      );
    });
  }
}
