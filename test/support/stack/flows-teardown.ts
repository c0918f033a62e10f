/** Stops what the setup started. */
export default async function tearDownFlows(): Promise<void> {
  await globalThis.flowsStack?.stop();
}
