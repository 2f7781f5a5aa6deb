/** Facts for unit tests of pure functions: a container that runs, with what matters to the test replaced. */
import type { ContainerFacts } from '../../helpers/survey/facts.ts';

export function container(facts: Partial<ContainerFacts> & { name: string }): ContainerFacts {
  return {
    id: `id-${facts.name}`,
    image: 'image',
    ancestors: [],
    hostname: 'abcdef',
    exposedByImage: [],
    imageId: 'image-id',
    imageLayers: [],
    state: {
      status: 'running',
      running: true,
      restarting: false,
      paused: false,
      exitCode: 0,
      error: '',
      pid: 100,
      startedAt: '',
      restartCount: 0,
      oomKilled: false,
    },
    sandboxOf: facts.name,
    networkMode: 'bridge',
    attachments: [],
    published: [],
    publishAsked: [],
    ...facts,
  };
}
