/** States of self-test for tests of its live page: the recorded survey of a good stack, and what may go wrong with it. */
import type { LabDefinition } from '../../helpers/lab/lab-definition.ts';
import type { Status, Verdict } from '../../helpers/lab/verdict.ts';
import { afterSurvey, allChecking, unseen, withLab, type WatchState } from '../../helpers/run/watch/state.ts';
import { viewOf } from '../../helpers/run/watch/view.ts';
import { THE_HOST, type Survey } from '../../helpers/survey/facts.ts';
import { changed, nameOf, networkOf, recorded } from './surveys.ts';
import { verdict } from './watched.ts';

const LAB = 'nginx-flask-mongo';

/** A good stack; the packets from nginx to mongo were seen to be lost. */
export function goodSurvey(): Survey {
  return changed(recorded(LAB), (draft) => {
    const [nginx, mongo] = [nameOf(draft, 'nginx'), nameOf(draft, 'mongo')];
    const bridge = `br-${networkOf(draft, 'public-net-1').id.slice(0, 12)}`;
    for (const attempt of draft.reach) {
      if (attempt.from !== nginx || attempt.to !== mongo) continue;
      attempt.outcome = 'lost';
      attempt.stations = [
        { place: nginx, interface: 'eth0', way: 'out', ms: 0 },
        { place: THE_HOST, interface: bridge, way: 'in', ms: 0 },
      ];
    }
  });
}

/** The same with a text of a stranger's wherever one may be. */
export function hostileSurvey(text: string): Survey {
  return changed(goodSurvey(), (draft) => {
    for (const container of draft.containers) container.image = text;
    for (const network of draft.networks) network.name = `${network.name}${text}`;
    draft.containers.push({ ...draft.containers[0]!, name: text, id: 'f'.repeat(64) });
    for (const { stations = [] } of draft.reach) for (const station of stations) station.place = text;
  });
}

/** @param statuses Of rules that did not pass, by id. */
export function stateOf(
  lab: LabDefinition,
  survey: Survey,
  statuses: Record<string, Status> = {},
  more: Partial<Verdict> = {},
): WatchState {
  const state = unseen([lab], 'Docker 28.5 on this machine', `npm run grade -- --lab ${lab.name}`);
  const verdicts = Object.keys(lab.criteria).map((id) => {
    const withheld = statuses[id] === undefined && ['end-to-end', 'by-name-not-by-address'].includes(id);
    return withheld
      ? verdict(id, 'skipped', { withheld: true, actual: 'judging it would disturb what runs here' })
      : verdict(id, statuses[id] ?? 'passed', more);
  });
  return withLab(state, { ...afterSurvey(state.labs[0]!, lab, verdicts), view: viewOf({ survey }, lab, undefined) });
}

/** A state in which everything is being tried again. */
export function beingTried(state: WatchState): WatchState {
  const { labs, ...others } = allChecking(state);
  return {
    ...others,
    labs: labs.map((lab) => ({ ...lab, ...(lab.view && { view: { ...lab.view, isTried: false } }) })),
  };
}
