/** On the default bridge a container asks the host's nameservers, elsewhere Docker's own; its hosts file is its own. */
import { specOf, expect } from '../helpers/judge/criterion.ts';
import { labUnderTest, type Network } from '../helpers/judge/lab-under-test.ts';
import { attached, running, settled } from '../helpers/judge/matchers/conditions.ts';
import '../helpers/judge/matchers/index.ts';
import { definition } from './dns-services.lab.ts';

const { criterion, need } = specOf(definition);
const lab = labUnderTest();
const [onDefault, onCustom] = [lab.role('on-default'), lab.role('on-custom')];
const [labNet] = lab.networksOf({ 'lab-net': [onCustom] }) as [Network];
const defaultRuns = need('containers-running', () => running(onDefault));
const customRuns = need('containers-running', () => running(onCustom));
const bothRun = need('containers-running', () => running(onDefault, onCustom));
const customIsSettled = need('containers-running', () => settled(onCustom));
const onLabNet = need('custom-uses-embedded', () => attached(onCustom, labNet));

criterion('containers-running', () => {
  expect([onDefault, onCustom]).toRunAndStayUp();
});

criterion('default-copies-host', { needs: [defaultRuns] }, () => {
  expect(onDefault).toBeAttachedToExactly([lab.defaultBridge()]);
  expect([onDefault]).toCopyTheHostsNameservers();
});

criterion('custom-uses-embedded', { needs: [customIsSettled] }, () => {
  expect([labNet]).toBeUserDefinedBridges();
  expect(onCustom).toBeAttachedToExactly([labNet]);
  expect([onCustom]).toUseEmbeddedDns();
});

criterion('embedded-forwards-to-host', { needs: [customRuns, onLabNet] }, () => {
  expect(onCustom).toForwardNamesToTheHost();
});

criterion('hosts-not-inherited', { needs: [bothRun] }, () => {
  for (const role of [onDefault, onCustom]) expect(role).not.toInheritTheHostsFile();
});

criterion('add-host-entry', { needs: [customIsSettled] }, () => {
  expect(onCustom).toHaveHostsEntry('db.internal', '10.11.12.13');
});
