/** On the default bridge a container asks the host's nameservers, elsewhere Docker's own; its hosts file is its own. */
import { specOf, expect } from '../helpers/judge/criterion.ts';
import { labUnderTest } from '../helpers/judge/lab-under-test.ts';
import { attached, running } from '../helpers/judge/matchers/conditions.ts';
import '../helpers/judge/matchers/index.ts';
import { definition } from './dns-services.lab.ts';

const { criterion, needs } = specOf(definition);
const lab = labUnderTest();
const [onDefault, onCustom] = [lab.role('on-default'), lab.role('on-custom')];
const labNet = lab.network('lab-net');

criterion('containers-running', () => {
  expect([onDefault, onCustom]).toRunAndStayUp();
});

criterion('default-copies-host', () => {
  needs('containers-running', running(onDefault));
  expect(onDefault).toBeAttachedToExactly([lab.defaultBridge()]);
  expect([onDefault]).toCopyTheHostsNameservers();
});

criterion('custom-uses-embedded', () => {
  needs('containers-running', running(onCustom));
  expect([labNet]).toBeUserDefinedBridges();
  expect(onCustom).toBeAttachedToExactly([labNet]);
  expect([onCustom]).toUseEmbeddedDns();
});

criterion('embedded-forwards-to-host', () => {
  needs('containers-running', running(onCustom));
  needs('custom-uses-embedded', attached(onCustom, labNet));
  expect(onCustom).toForwardNamesToTheHost();
});

criterion('hosts-not-inherited', () => {
  needs('containers-running', running(onDefault, onCustom));
  for (const role of [onDefault, onCustom]) expect(role).not.toInheritTheHostsFile();
});

criterion('add-host-entry', () => {
  needs('containers-running', running(onCustom));
  expect(onCustom).toHaveHostsEntry('db.internal', '10.11.12.13');
});
