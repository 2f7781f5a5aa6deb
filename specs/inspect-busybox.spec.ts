/**
 * A container on two networks, and answers about it. Answers about this very host are compared with what was seen here;
 * answers about the student's own machine, which nobody here has seen, with each other and with what Docker does.
 */
import type { Question } from '../helpers/judge/answers/busybox-questions.ts';
import { specOf, expect } from '../helpers/judge/criterion.ts';
import { labUnderTest } from '../helpers/judge/lab-under-test.ts';
import { attached, groundOf, onTheDefaultBridgeAndOneMore, running } from '../helpers/judge/matchers/conditions.ts';
import '../helpers/judge/matchers/index.ts';
import { definition } from './inspect-busybox.lab.ts';

const { criterion, needs } = specOf(definition);
const lab = labUnderTest();
const busybox = lab.role('busybox');
const isAboutThisHost = lab.survey.answers?.aboutThisHost === true;

criterion('containers-running', () => {
  expect([busybox]).toRunAndStayUp();
});

criterion('two-networks', () => {
  needs('containers-running', running(busybox));
  expect(busybox).toBeOnTheDefaultBridgeAndOneMore();
});

criterion('ping-both-addresses', () => {
  needs('containers-running', running(busybox));
  needs('two-networks', onTheDefaultBridgeAndOneMore(busybox));
  expect(busybox).toAnswerThePingsOfTheHost();
});

/** What an exact answer is compared with: the container, its place on the default bridge, both networks, or the host. */
const isThere = (): void => {
  needs('containers-running', running(busybox));
};
const isOnDefaultBridge = (): void => {
  isThere();
  needs('two-networks', attached(busybox, lab.defaultBridge()));
};
const isOnBoth = (): void => {
  isThere();
  needs('two-networks', onTheDefaultBridgeAndOneMore(busybox));
};
const onlyHost = (): void => undefined;

function question(id: Question, needsOfAnExactAnswer: () => void): void {
  criterion(id, () => {
    if (isAboutThisHost) {
      needsOfAnExactAnswer();
      expect(lab).toAnswerExactly(id, busybox);
    } else {
      const ground = groundOf(id, lab);
      if (ground !== undefined) needs(ground.earlier, ground.condition);
      expect(lab).toAnswerConsistently(id);
    }
  });
}

question('q1', isThere);
question('q2', isOnDefaultBridge);
question('q3', isOnDefaultBridge);
question('q4', isOnDefaultBridge);
question('q5', onlyHost);
question('q6', onlyHost);
question('q7', onlyHost);
question('q8', onlyHost);
question('q9', isOnBoth);
question('q10', isOnBoth);
question('q11', onlyHost);
