/** What is typed after `npm run self-test`. */
import { describe, expect, test } from '@jest/globals';
import { parseOptions, type Options } from '../../helpers/cli/options.ts';
import { commandForTheRest, keptByNpm, withPlainLabs } from '../../helpers/cli/self-test-arguments.ts';

const LABS = ['netflix', 'nginx-flask-mongo', 'sandbox'];

function typed(...words: string[]): Options {
  return withPlainLabs(parseOptions(['--host', 'local', '--live', ...words])!, LABS);
}

describe('plain words', () => {
  test('are labs where there are such labs, and else students', () => {
    const { labs, students } = typed('sandbox', 'example-good', '--lab', 'netflix', 'netflix');
    expect({ labs, students }).toEqual({ labs: ['netflix', 'sandbox'], students: ['example-good'] });
  });

  test('that are neither are refused, with the lab that may be meant', () => {
    expect(() => typed('nginx-flask-mong')).toThrow(/no lab "nginx-flask-mong".*did you mean nginx-flask-mongo\?/);
  });
});

describe('without -- before the options', () => {
  test.each([
    ['a lab that was written with =', { npm_config_lab: 'sandbox' }, ['sandbox']],
    ['several of them', { npm_config_lab: 'sandbox\n\nnetflix' }, ['sandbox', 'netflix']],
    ['one that came as a plain word', { npm_config_lab: 'true' }, []],
    ['nothing', { npm_config_registry: 'somewhere' }, []],
  ])('%s is taken as it was meant', (_, env, labs) => {
    expect(keptByNpm(env)).toEqual(labs);
  });

  test.each([
    [{ npm_config_submissions: 'true' }, /kept --submissions .*npm run self-test -- --submissions/],
    [{ npm_config_accept_host_key: 'true', npm_config_host: 'x' }, /--host and --accept-host-key/],
  ])('%j is refused, with how it is written', (env, says) => {
    expect(() => keptByNpm(env)).toThrow(says);
  });
});

describe('the command that judges the rest', () => {
  const application = { name: 'nginx-flask-mongo', survey: { application: {} } };
  const tutorial = { name: 'dns-services', survey: {} };

  test.each([
    ['what runs, if that is all there is', [], application, '--host local --live --allow-disturb'],
    ['files, if disturbing would not do', [], tutorial, '--submissions DIR'],
    ['files, if they are named', ['--submissions', 'mine'], application, '--submissions mine'],
    ['whoever is named', ['example-good'], application, ''],
  ])('judges %s', (_, words, lab, ending) => {
    const student = words[0] === 'example-good' ? 'example-good ' : '';
    const command = commandForTheRest(typed(...words), [lab]);
    expect(command).toBe(`npm run grade -- ${student}--lab ${lab.name} ${ending}`.trim());
  });
});
